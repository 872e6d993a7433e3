using Holdfast.Fuzz;
using SharpFuzz;

// What a fuzzer is given: bytes, and a crash where anything but a graph or an InputException comes of them.
switch (args)
{
    case ["--afl"]:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var text = new MemoryStream();
            stream.CopyTo(text);
            SnapshotTarget.Run(text.ToArray());
        });
        return 0;
    case ["--libfuzzer"]:
        Fuzzer.LibFuzzer.Run(text => SnapshotTarget.Run(text.ToArray()));
        return 0;
    case [_, ..] when !args[0].StartsWith('-'):
        return Replay.Run(args);
    default:
        Console.Error.WriteLine("Usage: Holdfast.Fuzz --afl | --libfuzzer | FILE|FOLDER…   (see README.md)");
        return 2;
}

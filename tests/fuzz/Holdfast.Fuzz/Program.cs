using System.Globalization;
using Holdfast.Fuzz;
using Holdfast.Tests.Fixtures;
using SharpFuzz;

// What a fuzzer is given: bytes, and a crash where anything but a graph or an InputException comes of them.
switch (args)
{
    case ["--afl"]:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            Replay.Run(bytes.ToArray());
        });
        return 0;
    case ["--libfuzzer"]:
        Fuzzer.LibFuzzer.Run(bytes => Replay.Run(bytes.ToArray()));
        return 0;
    case ["--cores", var folder]:
        Directory.CreateDirectory(folder);
        foreach (string version in (string[])["10.2.154.26", "11.3.244.8", "12.4.254.21", "13.6.233.17", "14.6.202.34"])
            File.WriteAllBytes(Path.Combine(folder, $"sample-{version}.core"), SampleHeap.Build(version).Build());
        return 0;
    case ["--mutate", var core, .. var numbers] when numbers.Length <= 2:
        int[] asked = [.. numbers.Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        return MutateCommand.Run(core, asked.Length > 1 ? asked[1] : 0, asked.Length > 0 ? asked[0] : 1000);
    case [_, ..] when !args[0].StartsWith('-'):
        return Replay.Run(args);
    default:
        Console.Error.WriteLine("Usage: Holdfast.Fuzz --afl | --libfuzzer | --cores FOLDER | --mutate CORE [COUNT [FIRST]] | FILE|FOLDER…   (see README.md)");
        return 2;
}

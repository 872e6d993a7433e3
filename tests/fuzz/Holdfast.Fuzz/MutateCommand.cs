using System.Diagnostics;
using Holdfast.Common;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Packing;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Fuzz;

/// <summary>
/// Damages a real core again and again and reads it: a packed copy of it, in which a few words are changed and changed back. Of
/// the places half are anywhere, so mostly in V8's pages, and half in any segment, so that small ones have their share.
/// </summary>
internal static class MutateCommand
{
    private const int HeaderBytes = 8192;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(20);

    /// <param name="core">A core, packed or not.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <returns>1 where one of them was not a graph or an InputException, or took long.</returns>
    public static int Run(string core, int first, int count)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("mutated.core");
        using (Stream packed = File.Create(path))
            CorePacker.Pack(File.OpenRead(core), core, CoreOptions.Default, redact: false, withBuffers: false, packed, Work.Unwatched);
        Console.WriteLine($"{core}: packed into {new FileInfo(path).Length} bytes; {CoreTarget.Run(path)}");

        int bad = 0;
        for (int seed = first; seed < first + count; seed++)
        {
            Console.Write($"\rseed {seed} ");
            long start = Stopwatch.GetTimestamp();
            List<(long At, byte[] Before)> changes = Damage(path, seed);
            string outcome;
            try
            {
                outcome = CoreTarget.Run(path);
            }
            catch (Exception e)
            {
                bad++;
                outcome = $"CRASH {e}\n";
            }

            if (Stopwatch.GetElapsedTime(start) > Slow)
            {
                bad++;
                outcome = $"SLOW {Stopwatch.GetElapsedTime(start)} {outcome}\n";
            }

            Console.Write($"{outcome[..Math.Min(outcome.Length, outcome.EndsWith('\n') ? 4000 : 100)]}");
            using FileStream file = File.OpenWrite(path);
            for (int i = changes.Count - 1; i >= 0; i--) RandomAccess.Write(file.SafeFileHandle, changes[i].Before, changes[i].At);
        }

        Console.WriteLine($"\n{count} seeds, {bad} crashes or slow ones, {Environment.WorkingSet >> 20} MiB");
        return bad > 0 ? 1 : 0;
    }

    private static List<(long At, byte[] Before)> Damage(string path, int seed)
    {
        var random = new Random(seed);
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        var segments = new List<(long Offset, long Bytes)>();
        byte[] header = Read(file, 0, 64);
        long table = BitConverter.ToInt64(header, 32);
        for (int i = 0; i < BitConverter.ToUInt16(header, 56); i++)
        {
            byte[] row = Read(file, table + (i * 56L), 56);
            segments.Add((BitConverter.ToInt64(row, 8), Math.Max(8, BitConverter.ToInt64(row, 32))));
        }

        var changes = new List<(long At, byte[] Before)>();
        for (int count = 1 << random.Next(9); count > 0; count--)
        {
            long at = Place(), other = Place();
            byte[] word = Read(file, at, 8);
            if (BitConverter.ToUInt64(word) == 0 && random.Next(8) != 0) continue;
            changes.Add((at, [.. word]));
            CoreMutation.Change(word, Read(file, other, 8), random);
            RandomAccess.Write(file.SafeFileHandle, word, at);
        }

        return changes;

        long Place()
        {
            (long offset, long bytes) = random.Next(20) == 0 ? (0, HeaderBytes) : random.Next(2) == 0 ? (0, file.Length) : segments[random.Next(segments.Count)];
            return Math.Min((offset + random.NextInt64(bytes)) & ~7L, file.Length - 8);
        }
    }

    private static byte[] Read(FileStream file, long at, int bytes)
    {
        var read = new byte[bytes];
        RandomAccess.Read(file.SafeFileHandle, read, at);
        return read;
    }
}

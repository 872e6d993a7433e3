using System.Diagnostics;

namespace Holdfast.Fuzz;

/// <summary>Runs the targets over files, for what a fuzzer has found and for a corpus.</summary>
internal static class Replay
{
    /// <summary>Runs the target for these bytes, by how they begin.</summary>
    public static string Run(byte[] bytes) => CoreTarget.IsCore(bytes) ? CoreTarget.Run(bytes) : SnapshotTarget.Run(bytes);

    /// <returns>1 where a file made it crash.</returns>
    public static int Run(IEnumerable<string> paths)
    {
        int crashes = 0, files = 0;
        foreach (string file in paths.SelectMany(p => Directory.Exists(p) ? Directory.EnumerateFiles(p, "*", SearchOption.AllDirectories) : [p]))
        {
            files++;
            long start = Stopwatch.GetTimestamp();
            string outcome;
            try
            {
                outcome = Run(File.ReadAllBytes(file));
            }
            catch (Exception e)
            {
                crashes++;
                outcome = $"CRASH {e}";
            }

            Console.WriteLine($"{file}: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms: {outcome}");
        }

        Console.WriteLine($"{files} files, {crashes} crashes");
        return crashes > 0 ? 1 : 0;
    }
}

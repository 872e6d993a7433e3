using System.Diagnostics;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>Records a process with the machine's perf into a file of its own, reads that and takes it away, however it ends.</summary>
public static class PerfRecorder
{
    /// <exception cref="InputException">There is no perf, it may not record the process, or nothing was recorded.</exception>
    public static StackProfile Record(RecordingPlan plan, PerfTextOptions options, Work work)
    {
        string folder = Directory.CreateTempSubdirectory("holdfast-flame-").FullName, file = Path.Combine(folder, "perf.data");
        Process? perf = null;
        void CleanUp(object? sender, EventArgs e)
        {
            if (perf is not null) PerfProgram.Stop(perf);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }

        // An interrupted process may end before this method does.
        AppDomain.CurrentDomain.ProcessExit += CleanUp;
        try
        {
            perf = PerfProgram.Start(plan.Arguments(file), "Without it, take a .heapprofile (node --heap-prof) and give that to flame.");
            Wait(perf, plan, work);
            return PerfDataReader.Read(file, options, work);
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= CleanUp;
            CleanUp(null, EventArgs.Empty);
            perf?.Dispose();
        }
    }

    private static void Wait(Process perf, RecordingPlan plan, Work work)
    {
        perf.StandardInput.Close();
        Task<string> errors = perf.StandardError.ReadToEndAsync(), output = perf.StandardOutput.ReadToEndAsync();
        long start = Stopwatch.GetTimestamp();
        while (!perf.WaitForExit(100))
        {
            work.ThrowIfCancelled();
            work.Report($"recording {plan.Event} of process {plan.Process}", Math.Min(1, Stopwatch.GetElapsedTime(start).TotalSeconds / plan.Seconds));
        }

        if (perf.ExitCode == 0) return;
        string why = string.Join(' ', (errors.Result + output.Result).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(6));
        throw new InputException($"perf could not record process {plan.Process} (exit code {perf.ExitCode}): {why}. Run as the user of the process with kernel.perf_event_paranoid at most 1, or as root.");
    }
}

using System.Diagnostics;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>Reads what <c>perf record</c> wrote, through the machine's perf: its format is that of the kernel it was written on.</summary>
internal static class PerfDataReader
{
    /// <summary>Whether a file begins as perf.data does.</summary>
    public static bool IsOne(ReadOnlySpan<byte> start) => start.StartsWith("PERFILE2"u8) || start.StartsWith("2ELIFREP"u8);

    /// <exception cref="InputException">There is no perf here, or it cannot read the file.</exception>
    public static StackProfile Read(string path, PerfTextOptions options, Work work)
    {
        if (path == "-") throw new InputException("standard input: is a perf.data, and perf reads files only. Give the file, or pipe `perf script -i FILE`.");
        string otherwise = $"Or run, where the file was recorded: perf script -i {path} > stacks.txt, and give that.";
        using Process perf = PerfProgram.Start(["script", "--no-inline", "-i", Path.GetFullPath(path)], otherwise);
        using CancellationTokenRegistration stop = work.Cancellation.Register(() => PerfProgram.Stop(perf));
        perf.StandardInput.Close();
        Task<string> errors = perf.StandardError.ReadToEndAsync();
        try
        {
            StackProfile profile = PerfScriptReader.Read(new StackLines(perf.StandardOutput.BaseStream, path, -1, work), options, work);
            perf.WaitForExit();
            if (perf.ExitCode != 0) work.Warn($"{path}: perf script ended with {perf.ExitCode}: {LastLine(errors.Result)}. What it gave until then is shown.");
            return profile;
        }
        catch (InputException e)
        {
            work.ThrowIfCancelled();
            perf.WaitForExit();
            if (perf.ExitCode == 0) throw;
            throw new InputException($"{path}: perf script could not read it: {LastLine(errors.Result)}. {otherwise}", e);
        }
        finally
        {
            PerfProgram.Stop(perf);
        }
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it does not say why";
}

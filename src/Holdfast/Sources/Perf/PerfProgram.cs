using System.ComponentModel;
using System.Diagnostics;
using Holdfast.Common;

namespace Holdfast.Sources.Perf;

/// <summary>The machine's perf.</summary>
internal static class PerfProgram
{
    private const string Name = "perf";

    /// <exception cref="InputException">There is no perf; <paramref name="otherwise"/> says what to do then.</exception>
    public static Process Start(IEnumerable<string> arguments, string otherwise)
    {
        var start = new ProcessStartInfo(Name) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["PERF_PAGER"] = "cat";
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InputException($"there is no perf on this machine: install it (Debian: linux-perf; Ubuntu: linux-tools-$(uname -r); Fedora: perf). {otherwise}", e);
        }
    }

    /// <summary>Ends a process that still runs.</summary>
    public static void Stop(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself.
        }
    }
}

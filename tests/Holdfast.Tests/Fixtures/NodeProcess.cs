using System.ComponentModel;
using System.Diagnostics;

namespace Holdfast.Tests.Fixtures;

/// <summary>Runs Node itself.</summary>
internal static class NodeProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a script to its end; the test is skipped where there is no Node.</summary>
    public static void Run(IEnumerable<string> args, string input)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (string arg in args) start.ArgumentList.Add(arg);
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            string error = process.StandardError.ReadToEnd();
            if (!process.WaitForExit(Patience)) process.Kill();
            Assert.True(process.ExitCode == 0, $"node ended with {process.ExitCode}: {error}");
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no node in the path: install Node.js 18 or later to run this test");
        }
    }
}

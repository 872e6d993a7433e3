using System.Diagnostics;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cores;

/// <summary>Runs Node until it ends with a core, which the kernel writes.</summary>
internal static class CrashedNode
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="node">The binary.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="variable">The value of an environment variable.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="folder">Where the core goes.</param>
    /// <returns>The core's path; the test is skipped where the kernel writes none.</returns>
    public static string Run(string node, string[] args, string variable, string input, TemporaryFolder folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "cores are written by Linux: run this there");
        string where = Directory.CreateDirectory(folder.File("crash")).FullName;
        var start = new ProcessStartInfo("sh") { WorkingDirectory = where, RedirectStandardInput = true, RedirectStandardError = true };
        foreach (string arg in (string[])["-c", "ulimit -c unlimited && exec \"$@\"", "sh", node, .. args]) start.ArgumentList.Add(arg);
        start.Environment["HELD_BY_THE_ENVIRONMENT"] = variable;
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string error = process.StandardError.ReadToEnd();
        if (!process.WaitForExit(Patience)) process.Kill();
        return Directory.GetFiles(where).FirstOrDefault() ?? Skip(error);
    }

    private static string Skip(string error)
    {
        Assert.Skip($"the kernel wrote no core: write \"core\" to /proc/sys/kernel/core_pattern and allow it (ulimit -c unlimited). {error}");
        return "";
    }
}

using System.Diagnostics;
using Holdfast.Tests.Cores;

namespace Holdfast.Tests.Live;

/// <summary>A Node.js that runs a script, ended with the test.</summary>
internal sealed class LiveNode : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    /// <param name="binary">The binary.</param>
    /// <param name="script">What it runs; it prints a line when it is ready.</param>
    /// <param name="options">Options of Node.</param>
    public LiveNode(string binary, string script, params string[] options)
    {
        // Not a child of this process: .NET takes for ended what one of its children is stopped with.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (string word in (string[])["-c", "exec 3<&0; \"$0\" \"$@\" <&3 & echo $!; wait", binary, .. options]) start.ArgumentList.Add(word);
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add(script);
        start.Environment.Remove("NODE_OPTIONS");
        _process = Process.Start(start)!;
        Pid = int.Parse(_process.StandardOutput.ReadLine() ?? "", System.Globalization.CultureInfo.InvariantCulture);
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        if (!line.Wait(Patience)) Assert.Fail($"node said nothing within {Patience}");
        Ready = line.Result ?? "";
    }

    public int Pid { get; }

    public string Target => $"pid:{Pid}";

    /// <summary>The line it said when it was ready.</summary>
    public string Ready { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The next line it says.</summary>
    public string? ReadLine()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        return line.Wait(Patience) ? line.Result : null;
    }

    public void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public void Kill()
    {
        try
        {
            using Process node = Process.GetProcessById(Pid);
            node.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }

    /// <summary>Any of the versions, or the test is skipped.</summary>
    public static string AnyBinary()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are read from /proc: run this on Linux");
        string? binary = NodeBinaries.AnyOf(["24", "22", "20", "18", "26"]);
        Assert.SkipWhen(binary is null, $"there is no Node.js: put one in the PATH, or name a folder with node18, node20 … in {NodeBinaries.Variable}");
        return binary!;
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

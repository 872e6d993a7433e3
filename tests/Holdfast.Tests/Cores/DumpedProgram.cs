using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cores;

/// <summary>A program of tests/cores that was run and dumped with gcore while it stood still. Its files are gone afterwards.</summary>
internal sealed class DumpedProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly string _name;

    /// <param name="node">The binary.</param>
    /// <param name="name">The program; it needs no packages, writes a snapshot and blocks.</param>
    /// <param name="options">For node.</param>
    public DumpedProgram(string node, string name, params string[] options) : this(node, name, options, null)
    {
    }

    /// <param name="node">The binary.</param>
    /// <param name="name">The program; it needs no packages, writes a snapshot and blocks.</param>
    /// <param name="options">For node.</param>
    /// <param name="beside">What else is done with the process while it stands still.</param>
    public DumpedProgram(string node, string name, string[] options, Action<int>? beside)
    {
        _name = name;
        try
        {
            Dump(node, options, beside);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Core => _folder.File($"{_name}.core");

    public string Snapshot => _folder.File($"{_name}.heapsnapshot");

    public JsonNode Truth => JsonNode.Parse(File.ReadAllText(_folder.File($"{_name}.truth.json")))!;

    public void Dispose() => _folder.Dispose();

    private void Dump(string node, string[] options, Action<int>? beside)
    {
        var start = new ProcessStartInfo(node) { WorkingDirectory = _folder.Path, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string option in options) start.ArgumentList.Add(option);
        start.ArgumentList.Add(Path.Combine(RepositoryFiles.Root, "tests", "cores", $"{_name}.js"));
        start.ArgumentList.Add(_name);
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["TMPDIR"] = _folder.Path;
        using Process program = Process.Start(start)!;
        try
        {
            Task<string> output = program.StandardError.ReadToEndAsync();
            var waited = Stopwatch.StartNew();
            while (!IsReady())
            {
                Assert.False(program.HasExited, program.HasExited ? $"{_name}.js ended with {program.ExitCode}: {output.Result}" : "");
                Assert.True(waited.Elapsed < Patience, $"{_name}.js did not stand still within {Patience}");
                Thread.Sleep(50);
            }

            // It says that it is ready just before it blocks.
            Thread.Sleep(200);
            RunGcore(program.Id);
            beside?.Invoke(program.Id);
        }
        finally
        {
            program.Kill();
            program.WaitForExit();
        }
    }

    private bool IsReady() => new FileInfo(_folder.File($"{_name}.ready")) is { Exists: true, Length: > 0 };

    private void RunGcore(int process)
    {
        var start = new ProcessStartInfo("gcore") { WorkingDirectory = _folder.Path, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string arg in (string[])["-o", "dump", process.ToString(System.Globalization.CultureInfo.InvariantCulture)]) start.ArgumentList.Add(arg);
        try
        {
            using Process gcore = Process.Start(start)!;
            Task<string> error = gcore.StandardError.ReadToEndAsync();
            string said = gcore.StandardOutput.ReadToEnd() + error.Result;
            gcore.WaitForExit();
            if (said.Contains("ptrace: Operation not permitted", StringComparison.Ordinal))
                Assert.Skip($"gdb may not attach to a process here (ptrace): allow it, in a container with --cap-add=SYS_PTRACE. {said}");
            Assert.True(gcore.ExitCode == 0, $"gcore ended with {gcore.ExitCode}: {said}");
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no gcore in the path: install gdb to run this test");
        }

        File.Move(_folder.File($"dump.{process}"), Core);
    }
}

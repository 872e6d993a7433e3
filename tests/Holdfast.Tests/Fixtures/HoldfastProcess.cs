using System.Diagnostics;

namespace Holdfast.Tests.Fixtures;

/// <summary>What a process said.</summary>
internal sealed record ProcessAnswer(int ExitCode, string Output, string Error);

/// <summary>Runs the command line as users do: a process of its own, in the repository's folder.</summary>
internal static class HoldfastProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static ProcessAnswer Run(params string[] args) => Run(args, null);

    /// <summary>Runs in a folder of its own that has the samples and nothing else, so that what is written is gone afterwards.</summary>
    public static ProcessAnswer RunBesideSamples(params string[] args)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateSymbolicLink(folder.File("samples"), RepositoryFiles.Samples);
        return Run(args, null, folder.Path);
    }

    public static ProcessAnswer Run(IEnumerable<string> args, Stream? input, string? folder = null)
    {
        using Process process = Start(args, folder);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        input?.CopyTo(process.StandardInput.BaseStream);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail($"holdfast {string.Join(' ', args)} did not end within {Patience}");
        }

        return new ProcessAnswer(process.ExitCode, output.Result, error.Result);
    }

    /// <param name="args">What is typed after the program's name.</param>
    /// <param name="folder">Where to run; the repository unless given.</param>
    public static Process Start(IEnumerable<string> args, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder ?? RepositoryFiles.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Holdfast.Cli.dll"));
        foreach (string arg in args) start.ArgumentList.Add(arg);
        start.Environment.Remove("HOLDFAST_DEBUG");
        return Process.Start(start)!;
    }

    /// <summary>Splits a line as a shell does, as far as the examples need it: words, and quotes.</summary>
    public static string[] Split(string line)
    {
        var words = new List<string>();
        string word = "";
        char quote = '\0';
        foreach (char c in line)
        {
            if (quote != '\0' ? c == quote : c is '\'' or '"') quote = quote == '\0' ? c : '\0';
            else if (c == ' ' && quote == '\0')
            {
                if (word.Length > 0) words.Add(word);
                word = "";
            }
            else word += c;
        }

        if (word.Length > 0) words.Add(word);
        return [.. words];
    }
}

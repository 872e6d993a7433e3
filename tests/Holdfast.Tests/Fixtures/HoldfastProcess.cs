using System.Diagnostics;

namespace Holdfast.Tests.Fixtures;

/// <summary>What a process said.</summary>
internal sealed record ProcessAnswer(int ExitCode, string Output, string Error);

/// <summary>Runs the command line as users do: a process of its own, in the repository's folder.</summary>
internal static class HoldfastProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static ProcessAnswer Run(params string[] args) => Run(args, null);

    public static ProcessAnswer Run(IEnumerable<string> args, Stream? input)
    {
        using Process process = Start(args);
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

    public static Process Start(IEnumerable<string> args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = RepositoryFiles.Root,
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

using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Golden;

/// <summary>Text files in the repository that a test checks, and rewrites when it is asked to.</summary>
internal static class Blessed
{
    /// <summary>Set to 1, wanted changes are written instead of failed on.</summary>
    public const string Variable = "HOLDFAST_BLESS";

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable(Variable) == "1";

    /// <param name="path">The file, from the repository's root.</param>
    /// <param name="actual">What it should hold.</param>
    public static void Check(string path, string actual)
    {
        string full = Path.Combine(RepositoryFiles.Root, path);
        if (IsOn)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, actual);
            return;
        }

        Assert.True(File.Exists(full), $"{path} is missing; {Variable}=1 dotnet test writes it");
        string expected = File.ReadAllText(full);
        if (expected == actual) return;
        string[] was = expected.Split('\n'), now = actual.Split('\n');
        int line = 0;
        while (line < was.Length && line < now.Length && was[line] == now[line]) line++;
        Assert.Fail($"{path} differs from line {line + 1} on ({Variable}=1 dotnet test rewrites it):\n"
            + $"file: {was.ElementAtOrDefault(line)}\nnow:  {now.ElementAtOrDefault(line)}");
    }
}

using System.Text.RegularExpressions;
using Holdfast.Tests.Fixtures;
using Holdfast.Tests.Golden;

namespace Holdfast.Tests;

/// <summary>The examples of the README give what it says they give.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_example_of_the_README_prints_what_stands_below_it()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "README.md"));
        int examples = 0;
        string actual = Example().Replace(readme, match =>
        {
            examples++;
            string[] words = HoldfastProcess.Split(match.Groups["line"].Value);
            ProcessAnswer answer = HoldfastProcess.Run(words[1..], null);
            Assert.Equal(answer.Output.StartsWith("LEAK", StringComparison.Ordinal) || answer.Output.StartsWith("GROWING", StringComparison.Ordinal) ? 1 : 0, answer.ExitCode);
            return $"```console\n$ {match.Groups["line"].Value}\n{answer.Output}```";
        });
        Assert.True(examples >= 3, $"{examples} examples were found in README.md");
        Blessed.Check("README.md", actual);
    }

    [GeneratedRegex(@"```console\n\$ (?<line>holdfast[^\n]*)\n(?<output>(?:(?!```).*\n)*)```")]
    private static partial Regex Example();
}

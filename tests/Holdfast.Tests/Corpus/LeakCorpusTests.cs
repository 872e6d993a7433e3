using System.Globalization;
using System.Text;
using Holdfast.Analyses.Leaks;
using Holdfast.Tests.Fixtures;
using Holdfast.Tests.Golden;

namespace Holdfast.Tests.Corpus;

/// <summary>Leaks of published packages are found, by constructor and holder, and their fixed versions are not called leaks.</summary>
public sealed class LeakCorpusTests
{
    private const string ScoreFile = "tests/Holdfast.Tests/Corpus/README.md";

    /// <summary>Snapshots of a few million edges: two cases at a time are fine on a small machine.</summary>
    private const int AtATime = 2;

    private static readonly Lazy<IReadOnlyList<Score>> Scores = new(() =>
        [.. LeakCorpus.Cases.AsParallel().AsOrdered().WithDegreeOfParallelism(AtATime).Select(Measure)]);

    /// <summary>One row that skips where there is no corpus.</summary>
    public static IEnumerable<ITheoryDataRow> Cases => LeakCorpus.MissingReason is { } reason
        ? [new TheoryDataRow<string>("all").WithSkip(reason)]
        : LeakCorpus.Cases.Select(c => new TheoryDataRow<string>(c.Name));

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void The_first_suspect_of_the_leaky_version_is_the_leak(string name)
    {
        Score score = ScoreOf(name);
        Assert.Equal(Verdict.Leak, score.Leaky.Verdict);
        Suspect first = score.Leaky.Suspects[0];
        Assert.Contains(first.Constructor, score.Case.Classes);
        Assert.True(score.HasHolder, $"none of {string.Join(", ", score.Case.Holders)} in {string.Join(" ", first.Path.Select(s => $"{s.Edge}→{s.Node}"))}, held by {first.Holder.Name}");
    }

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void The_fixed_version_is_no_leak(string name)
    {
        Score score = ScoreOf(name);
        Assert.True(score.Fixed.Verdict != Verdict.Leak, score.Fixed.Reason);
        Assert.NotEmpty(score.Fixed.Reason);
    }

    [Fact]
    public void The_score_is_the_one_written_down()
    {
        if (LeakCorpus.MissingReason is { } reason) Assert.Skip(reason);
        Blessed.Check(ScoreFile, WriteScores());
    }

    private static Score ScoreOf(string name) => Scores.Value.Single(s => s.Case.Name == name);

    private static Score Measure(LeakCase leak)
    {
        using PackedSeries packed = LeakCorpus.Open(leak);
        return new Score(leak, packed.FindLeaks("leaky"), packed.FindLeaks("fixed"));
    }

    private static string WriteScores()
    {
        var text = new StringBuilder("""
            # Score on the corpus of leaks

            <!-- Written by a test: HOLDFAST_BLESS=1 dotnet test -->

            Each case has three snapshots of a process that leaks, and three of the same program with the leak fixed. The leaky ones
            pass where the verdict is leak, the first suspect's constructor is one that the case names, and its path or holder has a
            name that the case asks for. The fixed ones pass where the verdict is not leak. The corpus is not part of the repository:
            the tests look for it in `../shared/corpus`, or where `HOLDFAST_LEAK_CORPUS` says.

            | case | Node | first suspect | an interval | held by | leaky | fixed |
            |---|---|---|---|---|---|---|

            """);
        foreach (Score s in Scores.Value)
        {
            Suspect? first = s.Leaky.Suspects.Count == 0 ? null : s.Leaky.Suspects[0];
            string growth = first is null ? "" : string.Join(", ", first.Born.Select(b => b.ToString("N0", CultureInfo.InvariantCulture)));
            text.Append(CultureInfo.InvariantCulture,
                $"| {s.Case.Name} | {s.Case.Node} | {Cell(first?.Constructor)} | {growth} | {Cell(first?.Holder.Name)} | {Mark(s.IsFound)} | {Mark(s.IsQuiet)} |\n");
        }

        text.Append(CultureInfo.InvariantCulture,
            $"\nLeaky: {Scores.Value.Count(s => s.IsFound)} of {Scores.Value.Count}. Fixed: {Scores.Value.Count(s => s.IsQuiet)} of {Scores.Value.Count}.\n");
        return text.ToString();
    }

    private static string Cell(string? name) => name is null ? "" : $"`{name.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private static string Mark(bool passed) => passed ? "pass" : "FAIL";

    private sealed record Score(LeakCase Case, LeakReport Leaky, LeakReport Fixed)
    {
        public bool HasHolder => Leaky.Suspects.Take(1).Any(first => Case.Holders.Any(holder =>
            first.Holder.Name.Contains(holder, StringComparison.Ordinal)
            || first.Path.Any(s => s.Edge.Contains(holder, StringComparison.Ordinal) || s.Node.Contains(holder, StringComparison.Ordinal))));

        public bool IsFound => Leaky.Verdict == Verdict.Leak && Case.Classes.Contains(Leaky.Suspects[0].Constructor) && HasHolder;

        public bool IsQuiet => Fixed.Verdict != Verdict.Leak;
    }
}

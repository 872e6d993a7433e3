using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using Holdfast.Analyses.Leaks;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Leaks;

/// <summary>Every kind of leak that tests/leak-kinds makes is found in the snapshots of every version of Node, and nothing in a healthy server's.</summary>
public sealed class KindsTests
{
    private static readonly string[] Series = ["node18-kinds", "node20-kinds", "node22-kinds", "node24-kinds", "node26-kinds", "node24-dom"];
    private static readonly ConcurrentDictionary<string, Lazy<LeakReport>> Reports = [];

    public static IEnumerable<TheoryDataRow<string, string>> Kinds =>
        Series.SelectMany(series => TruthsOf(series).Select(truth => new TheoryDataRow<string, string>(series, (string)truth["name"]!)));

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void A_suspect_names_what_grows_how_it_is_held_and_who_holds_it_and_counts_it_exactly(string series, string kind)
    {
        KindExpectation expected = KindExpectations.All[kind];
        JsonNode truth = TruthsOf(series).Single(t => (string)t["name"]! == kind);
        int[] growth = Growth(truth);
        Suspect suspect = Find(ReportOf(series), expected, NamesOf(truth, expected));

        Assert.Contains(expected.Holder, suspect.Holder.Name, StringComparison.Ordinal);
        if (expected.Recogniser.Length > 0) Assert.Equal(expected.Recogniser, suspect.Kind);
        if (expected.Note is { } note) Assert.Contains(note, suspect.Notes.Select(n => n.Kind));
        Assert.DoesNotMatch(@"\{(owner|holder|event|function|variable|handle)\}", suspect.Explanation);
        if (!expected.Shares)
        {
            Assert.Equal(expected.Growth ?? growth, suspect.Born);
            if (suspect.Constructor == (string?)truth["grows"] && (string)truth["measure"]! == "objects")
                Assert.Equal(growth, suspect.Counts.Zip(suspect.Counts.Skip(1), (before, after) => after - before));
        }
        else if ((string?)truth["grows"] is { } grows && suspect.Classes.SingleOrDefault(c => c.Name == grows) is { } own)
        {
            // Some of them may be found below something else that is new too.
            Assert.InRange(own.Count, growth.Sum() * 9 / 10, growth.Sum());
        }
    }

    [Theory]
    [InlineData("node18-kinds")]
    [InlineData("node20-kinds")]
    [InlineData("node22-kinds")]
    [InlineData("node24-kinds")]
    [InlineData("node26-kinds")]
    public void All_timers_are_one_suspect_and_counted_exactly(string series)
    {
        // Six kinds of 20 each an interval: timeout, timeout-delay, interval, timer-promise, als-timer, abort-timeout.
        Suspect timers = Assert.Single(ReportOf(series).Suspects, s => s.Constructor == "Timeout");
        Assert.Equal("timers", timers.Kind);

        // One that the program waits with, or of Node's own, may be running when a snapshot is taken.
        Assert.All(timers.Born, born => Assert.InRange(born, 120, 121));
    }

    [Theory]
    [InlineData("node18-kinds")]
    [InlineData("node20-kinds")]
    [InlineData("node22-kinds")]
    [InlineData("node24-kinds")]
    [InlineData("node26-kinds")]
    [InlineData("node24-dom")]
    public void Each_version_of_Node_gives_a_leak(string series)
    {
        LeakReport report = ReportOf(series);
        Assert.Equal(Verdict.Leak, report.Verdict);
        Assert.Contains(report.Suspects[0].Constructor, report.Reason, StringComparison.Ordinal);
        Assert.All(report.Points, p => Assert.StartsWith($"v{series[4..6]}.", p.Version, StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, report.Suspects.Count), report.Suspects.Select(s => s.Rank));
        Assert.All(report.Suspects, s => Assert.All(s.Born, born => Assert.True(born > 0, $"{s.Constructor} at {s.Holder.Name}: {string.Join(", ", s.Born)}")));
    }

    [Theory]
    [InlineData("node18-kinds")]
    [InlineData("node20-kinds")]
    [InlineData("node22-kinds")]
    [InlineData("node24-kinds")]
    [InlineData("node26-kinds")]
    public void Contexts_of_vm_are_spoken_of_only_where_contexts_accumulate(string series) =>
        Assert.All(ReportOf(series).Suspects.Where(s => s.Notes.Any(n => n.Kind == "vm_contexts")),
            s => Assert.Contains("tenantContexts", s.Holder.Name, StringComparison.Ordinal));

    [Fact]
    public void A_healthy_server_has_no_leak()
    {
        LeakReport report = ReportOf("node24-quiet");
        JsonArray bounded = PackedSeries.TruthOf("node24-quiet")["bounded"]!.AsArray();
        Assert.NotEmpty(bounded);
        Assert.All(bounded, b => Assert.DoesNotContain((string)b!["grows"]!, report.Suspects.SelectMany(s => s.Classes.Select(c => c.Name).Append(s.Constructor))));
        Assert.Equal((Verdict.NoLeak, 0), (report.Verdict, report.Suspects.Count));
    }

    [Fact]
    public void Every_recogniser_knows_one_of_the_kinds()
    {
        Suspect[] suspects = [.. Series.SelectMany(s => ReportOf(s).Suspects)];
        Assert.All(RecogniserList.Holders.Where(r => r.IsBounded), r => Assert.DoesNotContain(suspects, s => s.Kind == r.Kind));
        Assert.All(RecogniserList.Holders.Where(r => !r.IsBounded), r => Assert.True(
            suspects.Any(s => s.Kind == r.Kind && s.Explanation.Contains(FixedPart(r.Advice), StringComparison.Ordinal)), $"no kind for {r.Kind}: {r.Advice}"));
        Assert.All(RecogniserList.Subjects, r => Assert.True(
            suspects.Any(s => s.Notes.Any(n => n.Kind == r.Kind && n.Text.Contains(FixedPart(r.Advice), StringComparison.Ordinal))), $"no kind for {r.Kind}: {r.Advice}"));
    }

    [Fact]
    public void Every_recogniser_is_in_the_list()
    {
        Recogniser[] listed = [.. RecogniserList.Holders, .. RecogniserList.Subjects];
        Recogniser[] written = [.. typeof(Recogniser).Assembly.GetTypes().SelectMany(t => t.GetProperties(BindingFlags.Static | BindingFlags.Public))
            .Where(p => p.PropertyType == typeof(Recogniser)).Select(p => (Recogniser)p.GetValue(null)!)];
        Assert.True(written.Length > 20);
        Assert.Equal(written.Length, listed.Length);
        Assert.Empty(written.Except(listed));
    }

    private static LeakReport ReportOf(string series) => Reports.GetOrAdd(series, name => new Lazy<LeakReport>(() =>
    {
        using PackedSeries packed = PackedSeries.OfKinds(name);
        return packed.FindLeaks();
    })).Value;

    /// <summary>The suspect that a reader would take for this kind: by holder and name, of several the one with the right words.</summary>
    private static Suspect Find(LeakReport report, KindExpectation expected, string[] names)
    {
        Suspect[] found = [.. report.Suspects.Where(s => names.Contains(s.Constructor) || s.Classes.Any(c => names.Contains(c.Name)))];
        Assert.True(found.Length > 0, $"no suspect has {string.Join(" or ", names)}");
        return found.OrderByDescending(s => s.Holder.Name.Contains(expected.Holder, StringComparison.Ordinal))
            .ThenByDescending(s => s.Kind == expected.Recogniser).ThenByDescending(s => names.Contains(s.Constructor)).First();
    }

    private static string[] NamesOf(JsonNode truth, KindExpectation expected) => truth["grows"] is { } grows
        ? [(string)grows!, .. truth["also"]!.AsArray().Select(a => (string)a!), .. expected.Names]
        : expected.Names;

    private static int[] Growth(JsonNode truth)
    {
        int[] counts = [.. truth["counts"]!.AsArray().Select(c => (int)c!)];
        return [counts[1] - counts[0], counts[2] - counts[1]];
    }

    private static JsonNode[] TruthsOf(string series) => [.. PackedSeries.TruthOf(series)["kinds"]!.AsArray().Select(k => k!)];

    /// <summary>The words of a template before the first that is filled in.</summary>
    private static string FixedPart(string template) => template.Split('{')[0];
}

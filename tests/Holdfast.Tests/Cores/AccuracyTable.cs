using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;
using Holdfast.Tests.Golden;

namespace Holdfast.Tests.Cores;

/// <summary>Figures of all cores that a run of tests has read; written to docs/accuracy.md at its end where wanted changes are written.</summary>
public sealed class AccuracyTable : IDisposable
{
    private const string Path = "docs/accuracy.md";

    private readonly ConcurrentDictionary<(string Major, CoreCase Core), string> _compared = [];
    private readonly ConcurrentDictionary<(string Major, CoreCase Core), string> _counted = [];
    private readonly ConcurrentDictionary<string, string> _versions = [];

    internal void Add(string major, CoreCase core, GraphComparison comparison, HeapGraph graph, JsonNode truth)
    {
        IReadOnlyDictionary<string, int> classes = core.ClassesIn(truth);
        int exact = classes.Count(c => comparison.Ours.Classes.GetValueOrDefault(c.Key) == c.Value);
        EdgeFigures[] edges = [.. CoreBounds.NamedEdges.Select(comparison.Edges)];
        string[] cells =
        [
            core.Name, major, Number(graph.NodeCount), Number(comparison.Reference.Classes.Count), Share(comparison.EqualClasses),
            Share(comparison.EqualConstructors), $"{exact} of {classes.Count}", .. edges.Select(e => Share(e.Share)), Number(edges.Sum(e => e.Extra)),
            Signed(comparison.BytesOff), Share(CoreBounds.UnparsedShare(comparison.Ours, graph.Origin!)),
        ];
        _compared[(major, core)] = Row(cells);
        AddVersion(major, truth, graph.Origin!);
    }

    internal void Add(string major, CoreCase core, GraphCounts ours, HeapGraph graph, JsonNode truth)
    {
        IEnumerable<string> classes = core.ClassesIn(truth).Select(c => $"{c.Key} {Number(ours.Classes.GetValueOrDefault(c.Key))} of {Number(c.Value)}");
        if (truth["leak"] is { } leak)
        {
            string name = (string)leak["constructor"]!;
            classes = classes.Append($"{name} {Number(ours.Classes[name])} of {Number((int)leak["at_least"]!)} to {Number((int)leak["at_most"]!)}");
        }

        HeapOrigin origin = graph.Origin!;
        _counted[(major, core)] = Row([core.Name, major, Number(graph.NodeCount), string.Join(", ", classes), Number(origin.GarbageCount), Share(CoreBounds.UnparsedShare(ours, origin))]);
        AddVersion(major, truth, origin);
    }

    public void Dispose()
    {
        if (!Blessed.IsOn || _compared.IsEmpty) return;
        File.WriteAllText(System.IO.Path.Combine(RepositoryFiles.Root, Path), Text());
    }

    private string Text() => $"""
        # How true graphs from core dumps are

        Each row is the heap of one thread in one core dump of a real Node.js process (Linux x64, from npm), made by
        [`tests/cores/make-cores.sh`](../tests/cores/README.md), against what V8 itself wrote of the same moment with
        `v8.writeHeapSnapshot()`. The figures are written by the tests that check them (`tests/Holdfast.Tests/Cores/RawCoreTests.cs`):

        ```sh
        tests/cores/make-cores.sh --out /tmp/cores 18 20 22 24 26
        HOLDFAST_TEST_CORES=/tmp/cores HOLDFAST_TEST_ALL_CORES=1 HOLDFAST_BLESS=1 \
          dotnet test --filter-class Holdfast.Tests.Cores.RawCoreTests
        ```

        Versions: {string.Join(", ", _versions.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Value))}.

        ## Against V8's snapshot

        Objects have no identity that both sides know, so nodes are counted by class and edges by (class, type, name, class):

        - **class names**: names that V8's snapshot has, of constructors and of V8's own things by type and name (`(closure) next`,
          `(code) system / ScopeInfo`); all strings of a type are one. **equal**: of so many of them both have the same number of objects;
          at least {Share(CoreBounds.EqualClasses)}. **constructors**: the same of constructors alone. **planted**: classes of the program
          itself that have exactly V8's number of objects.
        - **property, element, context**: share of V8's edges that are found, each at least {Share(CoreBounds.FoundEdges)}. **extra**: named
          edges that only the core has. Edges to numbers do not count: V8's snapshot has them without their names.
        - **bytes**: of all that is reached, ours less V8's; within {Share(CoreBounds.BytesOff)}. **unparsed**: bytes of the heap that could
          not be read as objects; less than {Share(CoreBounds.Unparsed)}.
        - Nodes of type native and synthetic are left out. One `Uint8Array` and its `ArrayBuffer` less than in the snapshot is no
          difference: they belong to the writing of the snapshot (Node 20 and later).

        {Table(_compared, ["program", "Node", "nodes", "class names", "equal", "constructors", "planted", "property", "element", "context", "extra", "bytes", "unparsed"])}

        ## Against what the program counted

        Crashed, out of memory, busy, or stopped inside a collection (`tests/cores/README.md` says where): V8 could not be asked. The
        numbers of objects are exact but for `Order`, of which the program knows the last thousand only. **garbage**: objects that
        nothing holds any more.

        {Table(_counted, ["program", "Node", "nodes", "objects", "garbage", "unparsed"])}

        """;

    private static string Table(ConcurrentDictionary<(string Major, CoreCase Core), string> rows, string[] header)
    {
        var text = new StringBuilder(Row(header)).Append('\n').Append(Row([.. header.Select((_, i) => i == 0 ? "---" : "--:")]));
        List<CoreCase> order = [.. CoreCase.All];
        foreach (string row in rows.OrderBy(r => order.IndexOf(r.Key.Core)).ThenBy(r => r.Key.Major, StringComparer.Ordinal).Select(r => r.Value))
            text.Append('\n').Append(row);
        return text.ToString();
    }

    private void AddVersion(string major, JsonNode truth, HeapOrigin origin) => _versions[major] = $"Node {(string)truth["node"]!} (V8 {origin.V8Version})";

    private static string Row(string[] cells) => $"| {string.Join(" | ", cells)} |";

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Cut, not rounded: 100 % is all.</summary>
    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 100_000) / 1000:0.###} %");

    private static string Signed(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:+0.000;-0.000;0} %");
}

using System.Globalization;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Cli.Shell;

/// <summary>Names that can be completed: of classes and properties of the heap, and what earlier answers showed.</summary>
/// <param name="heap">The graph, or null while no command has needed it.</param>
/// <param name="core">The core, which knows its names without a graph; null where the input is none.</param>
internal sealed class ShellNames(Func<Heap?> heap, Func<CoreSession?> core)
{
    /// <summary>What is kept of answers, and of a heap whose objects are dictionaries with a name for each entry.</summary>
    private const int MostNames = 50_000;

    private readonly HashSet<string> _seenClasses = [];
    private readonly List<string> _seenIds = [];
    private readonly HashSet<string> _seenIdSet = [];
    private string[]? _classes;
    private string[]? _properties;

    /// <summary>The last answer's objects.</summary>
    public ReportIds Last { get; private set; } = ReportIds.None;

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<string> Classes => _classes ??= heap() is { } loaded ? ReadClasses(loaded)
        : Sorted(core() is { } open ? _seenClasses.Union(open.ConstructorNames(Work.Unwatched)) : _seenClasses);

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<string> Properties => _properties ??= heap() is { } loaded ? ReadProperties(loaded.Graph) : Sorted(core()?.PropertyNames(MostNames, Work.Unwatched) ?? []);

    /// <summary>Objects of answers so far, the last ones first.</summary>
    public IEnumerable<string> Ids => Enumerable.Reverse(_seenIds);

    /// <summary>Remembers what an answer shows. One without objects leaves those of the answer before.</summary>
    public void Remember(Report report)
    {
        ReportIds ids = ReportIds.Of(report);
        if (ids.First is not null) Last = ids;
        foreach (string id in ids.Rows.Take(MostNames).Prepend(ids.First ?? "")) Remember(id);
        foreach (TableBlock table in report.Blocks.OfType<TableBlock>())
        {
            if (table.Columns is not ["constructor" or "class", ..]) continue;
            foreach (IReadOnlyList<Cell> row in table.Rows.Take(MostNames)) _seenClasses.Add(row[0].Words);
        }

        if (_classes is null || heap() is not null) return;
        _classes = null;
    }

    /// <summary>Classes and properties are read again where they are asked for next: the graph is there now.</summary>
    public void Reread() => (_classes, _properties) = (null, null);

    /// <summary>What a word with a dollar stands for.</summary>
    /// <param name="name"><c>_</c> or a number.</param>
    /// <exception cref="InputException">No answer had it.</exception>
    public string Result(string name)
    {
        if (name == "_") return Last.First ?? throw new InputException("there is no $_ yet: no answer so far showed an object.");
        int number = int.Parse(name, CultureInfo.InvariantCulture);
        if (number >= 1 && number <= Last.Rows.Count) return Last.Rows[number - 1];
        throw new InputException(Last.Rows.Count == 0
            ? $"there is no ${name}: the last answer had no rows with objects."
            : $"there is no ${name}: the last answer's objects are $1 to ${Last.Rows.Count}.");
    }

    private void Remember(string id)
    {
        if (id.Length == 0 || _seenIds.Count >= MostNames || !_seenIdSet.Add(id)) return;
        _seenIds.Add(id);
    }

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Where(n => n.Length > 0).Order(StringComparer.Ordinal).Take(MostNames)];

    private static string[] ReadClasses(Heap heap)
    {
        var names = new HashSet<string>();
        foreach (int number in new HashSet<int>(heap.Classes.Span.ToArray())) names.Add(heap.Classes.Catalog[number].Name);
        return [.. names.Where(n => n.Length > 0).Order(StringComparer.Ordinal).Take(MostNames)];
    }

    private static string[] ReadProperties(HeapGraph graph)
    {
        using var used = new BitColumn(graph.Strings.Count);
        ReadOnlySpan<EdgeType> types = graph.EdgeTypes;
        ReadOnlySpan<uint> names = graph.EdgeNames;
        for (int i = 0; i < types.Length; i++)
        {
            if (types[i] == EdgeType.Property && names[i] < used.Length) used[(int)names[i]] = true;
        }

        var found = new List<string>();
        for (int i = 0; i < graph.Strings.Count && found.Count < MostNames; i++)
        {
            if (used[i] && graph.Strings.Utf8Length(i) is > 0 and < 100) found.Add(graph.Strings.Decode(i));
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }
}

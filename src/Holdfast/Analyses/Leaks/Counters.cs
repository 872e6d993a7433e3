using System.Globalization;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Two number properties of one object that count opposite things: <c>opened</c> and <c>closed</c>.</summary>
/// <param name="Owner">Object id of the object.</param>
/// <param name="Up">The one that counts what begins.</param>
/// <param name="Down">The one that counts what ends.</param>
internal readonly record struct CounterPair(ulong Owner, string Up, string Down);

/// <summary>
/// Counters of a snapshot that belong together by their names. Values of numbers are only in snapshots that were written
/// with <c>exposeNumericValues</c> (Node 20 and later).
/// Source: V8, V8HeapExplorer::ExtractNumberReference: a number's node leads by <c>value</c> to a string.
/// </summary>
internal sealed class Counters
{
    /// <summary>Words that mean beginning and ending, as they stand in names of counters.</summary>
    private static readonly (string Up, string Down)[] Words =
    [
        ("opened", "closed"), ("open", "close"), ("opens", "closes"), ("created", "destroyed"), ("created", "deleted"), ("create", "destroy"),
        ("acquired", "released"), ("acquire", "release"), ("added", "removed"), ("add", "remove"), ("started", "finished"), ("started", "stopped"),
        ("started", "ended"), ("started", "completed"), ("start", "end"), ("start", "stop"), ("begin", "end"), ("begun", "ended"),
        ("connected", "disconnected"), ("connects", "disconnects"), ("connect", "disconnect"), ("joined", "left"), ("entered", "left"), ("enter", "exit"),
        ("subscribed", "unsubscribed"), ("subscribe", "unsubscribe"), ("registered", "unregistered"), ("register", "unregister"),
        ("allocated", "freed"), ("alloc", "free"), ("enqueued", "dequeued"), ("pushed", "popped"), ("locked", "unlocked"), ("mounted", "unmounted"),
        ("requests", "responses"), ("sent", "received"), ("sent", "acked"), ("borrowed", "returned"), ("checkedout", "checkedin"), ("attached", "detached"),
        ("in", "out"), ("increments", "decrements"), ("hits", "evictions"),
    ];

    /// <summary>Longer names are no counters.</summary>
    private const int LongestName = 100;

    private readonly Dictionary<CounterPair, (double Up, double Down)> _values = [];
    private readonly Dictionary<string, List<string>> _opposites = [];

    /// <summary>Whether the snapshot has values of numbers at all.</summary>
    public bool HasValues { get; private init; }

    public IReadOnlyDictionary<CounterPair, (double Up, double Down)> Values => _values;

    public static Counters Run(HeapGraph graph, Work work)
    {
        int value = graph.Strings.Find("value"u8);
        var counters = new Counters { HasValues = value >= 0 && HasAny(graph, value) };
        if (!counters.HasValues) return counters;
        var numbers = new List<(string Name, double Value)>();
        for (int node = 0; node < graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            if (graph.NodeTypes[node] is not (NodeType.Object or NodeType.Closure)) continue;
            numbers.Clear();
            foreach (Edge edge in graph[(NodeIndex)node].Edges)
            {
                if (edge.Type == EdgeType.Property && ValueOf(graph, edge.Target, value) is { } number) numbers.Add((edge.Name, number));
            }

            if (numbers.Count >= 2) counters.AddPairs(graph.Ids[node], numbers);
        }

        return counters;
    }

    private void AddPairs(ulong owner, List<(string Name, double Value)> numbers)
    {
        var byName = new Dictionary<string, (string Name, double Value)>(StringComparer.OrdinalIgnoreCase);
        foreach ((string Name, double Value) number in numbers) byName.TryAdd(number.Name, number);
        foreach ((string name, double value) in numbers)
        {
            if (!_opposites.TryGetValue(name, out List<string>? opposites)) _opposites.Add(name, opposites = Opposites(name));
            foreach (string opposite in opposites)
            {
                if (byName.TryGetValue(opposite, out (string Name, double Value) down)) _values.TryAdd(new CounterPair(owner, name, down.Name), (value, down.Value));
            }
        }
    }

    /// <summary>Whether one name becomes the other when a word of beginning is replaced by its word of ending, whatever their case.</summary>
    internal static bool ArePair(string up, string down) => Opposites(up).Contains(down, StringComparer.OrdinalIgnoreCase);

    private static List<string> Opposites(string up)
    {
        var found = new List<string>();
        if (up.Length > LongestName) return found;
        foreach ((string begin, string end) in Words)
        {
            for (int at = up.IndexOf(begin, StringComparison.OrdinalIgnoreCase); at >= 0; at = up.IndexOf(begin, at + 1, StringComparison.OrdinalIgnoreCase))
                found.Add(string.Concat(up.AsSpan(0, at), end, up.AsSpan(at + begin.Length)));
        }

        return found;
    }

    private static bool HasAny(HeapGraph graph, int value)
    {
        for (int node = 0; node < graph.NodeCount; node++)
        {
            if (ValueOf(graph, (NodeIndex)node, value) is not null) return true;
        }

        return false;
    }

    private static double? ValueOf(HeapGraph graph, NodeIndex node, int value)
    {
        if (graph.NodeTypes[(int)node] != NodeType.Number) return null;
        foreach (Edge edge in graph[node].Edges)
        {
            if (edge.Type != EdgeType.Internal || graph.EdgeNames[(int)edge.Index] != (uint)value) continue;
            return double.TryParse(graph[edge.Target].NameUtf8, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
        }

        return null;
    }
}

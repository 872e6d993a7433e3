using Holdfast.Analyses;
using Holdfast.Analyses.Leaks;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Tests.Fixtures;

/// <summary>
/// The heap of a process that goes on: objects come, are linked and unlinked, and what nothing reaches is gone from the next
/// snapshot. Ids stay. Objects are numbers; 0 is the root.
/// </summary>
internal sealed class LiveHeap(ulong firstId = 1)
{
    public const int Root = 0;

    /// <summary>Bytes of the table of a Map: header, 3 numbers, buckets, and twice as many entries of 3 words.</summary>
    public const long TableBytes = 16 + 8 * (3 + Buckets + 2 * Buckets * 3);

    private const int Buckets = 200;

    private readonly List<(NodeType Type, string Name, ulong Id, long Size)> _nodes = [(NodeType.Synthetic, "", firstId, 0)];
    private readonly List<List<(EdgeType Type, string Name, int To)>> _edges = [[]];

    public int Count => _nodes.Count;

    public int Add(NodeType type, string name, long size = 16)
    {
        _nodes.Add((type, name, firstId + 2 * (ulong)_nodes.Count, size));
        _edges.Add([]);
        return _nodes.Count - 1;
    }

    public int Object(string name, long size = 16) => Add(NodeType.Object, name, size);

    /// <summary>An object that a property of the global object holds.</summary>
    public int Global(string property, string name, long size = 16)
    {
        if (_nodes.Count == 1) Link(Root, EdgeType.Element, "1", Object("global"));
        int node = Object(name, size);
        Property(1, property, node);
        return node;
    }

    public LiveHeap Property(int from, string name, int to) => Link(from, EdgeType.Property, name, to);

    public LiveHeap Internal(int from, string name, int to) => Link(from, EdgeType.Internal, name, to);

    /// <summary>Links; a link of the same name is replaced.</summary>
    public LiveHeap Link(int from, EdgeType type, string name, int to)
    {
        Unlink(from, name);
        _edges[from].Add((type, name, to));
        return this;
    }

    public void Unlink(int from, string name)
    {
        // Lists in tests are long; what is linked last is unlinked most.
        int at = _edges[from].Count > 1000 ? -1 : _edges[from].FindLastIndex(e => e.Name == name);
        if (at >= 0) _edges[from].RemoveAt(at);
    }

    public void Resize(int node, long size) => _nodes[node] = _nodes[node] with { Size = size };

    /// <summary>The table of a Map, with room for 400 entries.</summary>
    public int Table(int map)
    {
        int table = Add(NodeType.Array, "(object properties)", TableBytes);
        Internal(map, "table", table);
        return table;
    }

    /// <summary>Makes an object the value of an entry of a Map.</summary>
    public int Put(int table, int entry, string name, long size = 64)
    {
        int node = Object(name, size);
        Internal(table, (3 + Buckets + 3 * entry + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), node);
        return node;
    }

    /// <summary>What is reachable now, as often as it is opened.</summary>
    public Func<HeapGraph> Snapshot()
    {
        bool[] reached = Reach();
        var numbers = new int[_nodes.Count];
        var kept = new List<int>();
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!reached[i]) continue;
            numbers[i] = kept.Count;
            kept.Add(i);
        }

        var nodes = kept.ConvertAll(i => _nodes[i]);
        var edges = kept.SelectMany(i => _edges[i].Select(e => (From: numbers[i], e.Type, e.Name, To: numbers[e.To]))).ToList();
        return () =>
        {
            var builder = new HeapGraphBuilder();
            foreach ((NodeType type, string name, ulong id, long size) in nodes) builder.AddNode(type, name, id, size);
            foreach ((int from, EdgeType type, string name, int to) in edges)
            {
                if (HeapGraph.IsNumbered(type)) builder.AddEdge((NodeIndex)from, type, uint.Parse(name, System.Globalization.CultureInfo.InvariantCulture), (NodeIndex)to);
                else builder.AddEdge((NodeIndex)from, type, name, (NodeIndex)to);
            }

            return builder.Build();
        };
    }

    /// <summary>Snapshots after the start and after each round of work.</summary>
    public Func<HeapGraph>[] Rounds(int rounds, Action<int> work)
    {
        var snapshots = new List<Func<HeapGraph>>();
        for (int round = 0; round < rounds; round++)
        {
            work(round);
            snapshots.Add(Snapshot());
        }

        return [.. snapshots];
    }

    /// <summary>Looks for leaks in snapshots called 0, 1, 2 …</summary>
    public static LeakReport FindLeaks(Func<HeapGraph>[] snapshots, List<string>? warnings = null)
    {
        var work = new Work(warn: warnings is null ? null : warnings.Add, cancellation: TestContext.Current.CancellationToken);
        return LeakSearch.Run([.. snapshots.Select((_, i) => $"snapshot {i}")], place => new Heap(snapshots[place](), work), work);
    }

    private bool[] Reach()
    {
        var reached = new bool[_nodes.Count];
        var waiting = new Stack<int>([Root]);
        reached[Root] = true;
        while (waiting.TryPop(out int node))
        {
            foreach ((EdgeType type, _, int to) in _edges[node])
            {
                if (type == EdgeType.Weak || reached[to]) continue;
                reached[to] = true;
                waiting.Push(to);
            }
        }

        // Weakly held objects are still there when they are reached otherwise; edges to others would lead nowhere.
        for (int i = 0; i < reached.Length; i++)
        {
            if (reached[i]) _edges[i].RemoveAll(e => !reached[e.To]);
        }

        return reached;
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Model;

namespace Holdfast.Tests.Fixtures;

/// <summary>
/// What the product derives from a graph, computed straight from the definitions, for graphs of a dozen nodes.
/// The rules are those of snapshots of V8 as DevTools counts them (docs/formats/heapsnapshot.md).
/// </summary>
internal sealed partial class NaiveHeap(HeapShape heap)
{
    private const int Root = 0;

    private int Count => heap.Nodes.Length;

    /// <summary>Targets of the edges of each node that keep their target alive.</summary>
    public HashSet<int>[] EssentialTargets()
    {
        HashSet<int> owned = PageOwned();
        HashSet<int>[] targets = [.. Enumerable.Range(0, Count).Select(_ => new HashSet<int>())];
        foreach (EdgeShape edge in heap.Edges)
        {
            bool weak = edge.Type == EdgeType.Weak || edge.From == edge.To || IsFromOwnTable(edge);
            bool shortcut = edge.Type == EdgeType.Shortcut && edge.From != Root;
            bool intoPage = edge.From != Root && owned.Contains(edge.To) && !owned.Contains(edge.From);
            if (!weak && !shortcut && !intoPage) targets[edge.From].Add(edge.To);
        }

        return targets;
    }

    /// <summary>Immediate dominators, from "unreachable once removed".</summary>
    public int[] Dominators()
    {
        HashSet<int>[] targets = EssentialTargets();
        bool[] held = new bool[Count];
        for (int node = 0; node < Count; node++)
        {
            foreach (int target in targets[node]) held[target] = true;
        }

        // What nothing keeps alive counts as kept by the root.
        for (int node = 1; node < Count; node++)
        {
            if (!held[node]) targets[Root].Add(node);
        }

        HashSet<int> reached = Reach(targets, removed: -1);
        HashSet<int>[] lost = [.. Enumerable.Range(0, Count).Select(node => reached.Except(node == Root ? [] : Reach(targets, node)).ToHashSet())];
        lost[Root] = reached;
        int[] dominators = new int[Count];
        for (int node = 1; node < Count; node++)
        {
            // Of those it is lost with, the one that is itself lost with all the others. Unreached nodes hang off the root.
            if (reached.Contains(node))
                dominators[node] = Enumerable.Range(0, Count).Where(d => d != node && reached.Contains(d) && lost[d].Contains(node)).MinBy(d => lost[d].Count);
        }

        return dominators;
    }

    /// <summary>Shallow bytes that go with each node: its own, and those of nodes unreachable without it.</summary>
    public long[] RetainedSizes()
    {
        long[] shallow = ShallowSizes();
        int[] dominators = Dominators();
        long[] retained = [.. shallow];
        for (int node = 1; node < Count; node++)
        {
            for (int above = node; above != Root;)
            {
                above = dominators[above];
                retained[above] += shallow[node];
            }
        }

        return retained;
    }

    public long[] ShallowSizes()
    {
        long[] sizes = [.. heap.Nodes.Select(n => n.Size)];
        if (!heap.EdgesFrom[Root].Any(e => IsUserRoot(e.To))) return sizes;
        for (int node = 0; node < Count; node++)
        {
            if (!GivesSizeAway(node)) continue;
            HashSet<int> owners = OwnersOf(node);
            if (owners.Count != 1 || owners.Single() == Root || heap.Nodes[owners.Single()].Type == NodeType.Synthetic) continue;
            sizes[owners.Single()] += sizes[node];
            sizes[node] = 0;
        }

        return sizes;
    }

    public int[] Distances()
    {
        int[] distances = [.. Enumerable.Repeat(-5, Count)];
        var pending = new HashSet<string>();
        var queue = new Queue<int>();
        foreach (EdgeShape edge in heap.EdgesFrom[Root].Where(e => IsUserRoot(e.To)))
        {
            distances[edge.To] = 1;
            queue.Enqueue(edge.To);
        }

        int start = queue.Count > 0 ? 100_000_000 : 0;
        Spread(distances, queue, pending);
        distances[Root] = start;
        queue.Enqueue(Root);
        Spread(distances, queue, pending);
        return distances;
    }

    private void Spread(int[] distances, Queue<int> queue, HashSet<string> pending)
    {
        while (queue.TryDequeue(out int node))
        {
            foreach (EdgeShape edge in heap.EdgesFrom[node])
            {
                if (edge.Type == EdgeType.Weak || distances[edge.To] != -5 || IsPassedOver(edge, pending)) continue;
                distances[edge.To] = distances[node] + 1;
                queue.Enqueue(edge.To);
            }
        }
    }

    private bool IsPassedOver(EdgeShape edge, HashSet<string> pending)
    {
        NodeShape from = heap.Nodes[edge.From];
        if (from is { Type: NodeType.Hidden, Name: "system / NativeContext" } && !HeapGraph.IsNumbered(edge.Type) && edge.Name == "sloppy_function_map")
            return true;
        if (from is { Type: NodeType.Array, Name: "(map descriptors)" })
        {
            Match number = LeadingNumber().Match(edge.Name);
            return number.Success && int.Parse(number.Value, CultureInfo.InvariantCulture) is >= 2 and var i && i % 3 == 1;
        }

        if (edge.Type != EdgeType.Internal || PairOf(edge.Name) is not { } pair) return false;
        if (pending.Remove(pair.Key)) return false;
        pending.Add(pair.Key);
        return true;
    }

    private HashSet<int> PageOwned()
    {
        var owned = new HashSet<int>();
        var waiting = new Stack<int>(heap.EdgesFrom[Root]
            .Where(e => e.Type == EdgeType.Shortcut || (e.Type == EdgeType.Element && IsDomTrees(e.To))).Select(e => e.To));
        while (waiting.TryPop(out int node))
        {
            if (!owned.Add(node)) continue;
            foreach (EdgeShape edge in heap.EdgesFrom[node].Where(e => e.Type != EdgeType.Weak)) waiting.Push(edge.To);
        }

        return owned;
    }

    private static HashSet<int> Reach(HashSet<int>[] targets, int removed)
    {
        var reached = new HashSet<int>();
        var waiting = new Stack<int>([Root]);
        while (waiting.TryPop(out int node))
        {
            if (node == removed || !reached.Add(node)) continue;
            foreach (int target in targets[node]) waiting.Push(target);
        }

        return reached;
    }

    /// <summary>The nodes that keep their size from which a way of giving nodes leads here.</summary>
    private HashSet<int> OwnersOf(int node)
    {
        var owners = new HashSet<int>();
        var met = new HashSet<int>();
        var waiting = new Stack<int>([node]);
        while (waiting.TryPop(out int at))
        {
            if (!met.Add(at)) continue;
            foreach (EdgeShape edge in heap.Edges.Where(e => e.To == at && e.Type != EdgeType.Weak))
            {
                if (GivesSizeAway(edge.From)) waiting.Push(edge.From);
                else owners.Add(edge.From);
            }
        }

        return owners;
    }

    private bool GivesSizeAway(int node) => heap.Nodes[node].Type is NodeType.Hidden or NodeType.Array
        || heap.Nodes[node] is { Type: NodeType.Native, Name: "system / ExternalStringData" };

    private bool IsUserRoot(int node) => heap.Nodes[node].Type != NodeType.Synthetic || IsDomTrees(node);

    private bool IsDomTrees(int node) => heap.Nodes[node] is { Type: NodeType.Synthetic, Name: "(Document DOM trees)" };

    /// <summary>Whether the edge is one of a WeakMap's table to what its entries hold.</summary>
    public static bool IsFromOwnTable(EdgeShape edge) =>
        edge.Type == EdgeType.Internal && PairOf(edge.Name) is { } pair && pair.Table == HeapShape.IdOf(edge.From);

    private static (string Key, ulong Table)? PairOf(string name)
    {
        Match match = Pair().Match(name);
        return match.Success ? (match.Groups[1].Value, ulong.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)) : null;
    }

    [GeneratedRegex(@"^[0-9]+( / part of key \(.*? @[0-9]+\) -> value \(.*? @[0-9]+\) pair in WeakMap \(table @([0-9]+)\))$")]
    private static partial Regex Pair();

    [GeneratedRegex("^[0-9]+")]
    private static partial Regex LeadingNumber();
}

using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>What belongs to one native context (realm).</summary>
/// <param name="Id">Object id of the context.</param>
/// <param name="Name">Its name.</param>
/// <param name="AttributedSize">Bytes of the objects that only this context reaches, or whose map says they are its.</param>
/// <param name="RetainedSize">Bytes freed if the context itself went.</param>
/// <param name="ShallowSize">Bytes of the context itself.</param>
public sealed record NativeContextRow(ulong Id, string Name, long AttributedSize, long RetainedSize, long ShallowSize);

/// <summary>
/// Bytes by native context: the main one, those of <c>vm.createContext</c>, iframes.
/// Source: DevTools, HeapSnapshot.calculateNativeContextAttribution.
/// </summary>
/// <param name="Contexts">In the order of the graph.</param>
/// <param name="SharedSize">Bytes that several contexts reach.</param>
/// <param name="UnattributedSize">Bytes that none reaches.</param>
public sealed record NativeContextSizes(IReadOnlyList<NativeContextRow> Contexts, long SharedSize, long UnattributedSize)
{
    private const int None = -1;
    private const int Shared = -2;

    public static NativeContextSizes Run(Heap heap, Work work)
    {
        HeapGraph graph = heap.Graph;
        work.Report("attributing to native contexts");
        using var ownerColumn = new Column<int>(graph.NodeCount);
        using var fixedOwner = new BitColumn(graph.NodeCount);
        ownerColumn.Span.Fill(None);
        List<NodeIndex> contexts = FixOwners(graph, ownerColumn, fixedOwner, work);
        Spread(graph, ownerColumn.Span, fixedOwner, work);

        var attributed = contexts.ToDictionary(c => (int)c, _ => 0L);
        long shared = 0, none = 0;
        for (int node = 0; node < graph.NodeCount; node++)
        {
            long size = heap.Shallow[(NodeIndex)node];
            int owner = ownerColumn[node];
            if (owner == Shared) shared += size;
            else if (owner == None) none += size;
            else attributed[owner] += size;
        }

        return new NativeContextSizes(
            [.. contexts.Select(c => new NativeContextRow(graph.Ids[(int)c], heap.Names[c], attributed[(int)c], heap.Retained[c], heap.Shallow[c]))],
            shared, none);
    }

    /// <summary>Contexts own themselves, and every object whose map's map names its native context belongs to that.</summary>
    private static List<NodeIndex> FixOwners(HeapGraph graph, Column<int> owners, BitColumn isFixed, Work work)
    {
        using BitColumn isContext = FindContexts(graph);
        using Column<int> maps = EdgeTargetsNamed(graph, "map"u8, null);
        using Column<int> nativeContexts = EdgeTargetsNamed(graph, "native_context"u8, isContext);
        var contexts = new List<NodeIndex>();
        for (int node = 0; node < graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            int owner = None;
            if (isContext[node])
            {
                contexts.Add((NodeIndex)node);
                owner = node;
            }
            else if (maps[node] is >= 0 and var map && maps[map] is >= 0 and var metaMap)
            {
                owner = nativeContexts[metaMap];
            }

            if (owner < 0) continue;
            owners[node] = owner;
            isFixed[node] = true;
        }

        return contexts;
    }

    private static BitColumn FindContexts(HeapGraph graph)
    {
        var named = new bool[graph.Strings.Count];
        for (int i = 0; i < named.Length; i++)
        {
            ReadOnlySpan<byte> name = graph.Strings.Utf8(i);
            if (name.StartsWith("Detached "u8)) name = name["Detached ".Length..];
            named[i] = name.SequenceEqual("system / NativeContext"u8) || name.StartsWith("system / NativeContext / "u8);
        }

        var contexts = new BitColumn(graph.NodeCount);
        ReadOnlySpan<int> names = graph.NodeNames;
        for (int node = 0; node < names.Length; node++)
        {
            if (named[names[node]]) contexts[node] = true;
        }

        return contexts;
    }

    /// <summary>The target of each node's first internal edge of this name (to one of these nodes), or -1.</summary>
    private static Column<int> EdgeTargetsNamed(HeapGraph graph, ReadOnlySpan<byte> name, BitColumn? only)
    {
        var column = new Column<int>(graph.NodeCount);
        Span<int> found = column.Span;
        found.Fill(None);
        int nameIndex = graph.Strings.Find(name);
        ReadOnlySpan<int> firstEdges = graph.FirstEdges;
        for (int node = 0; nameIndex >= 0 && node < found.Length; node++)
        {
            for (int edge = firstEdges[node]; edge < firstEdges[node + 1] && found[node] == None; edge++)
            {
                if (graph.EdgeTypes[edge] != EdgeType.Internal || graph.EdgeNames[edge] != nameIndex) continue;
                int target = (int)graph.EdgeTargets[edge];
                if (only is null || only[target]) found[node] = target;
            }
        }

        return column;
    }

    /// <summary>
    /// Spreads owners along edges that are neither weak nor shortcuts; a second owner makes a node shared, for good, so
    /// the order does not matter.
    /// </summary>
    private static void Spread(HeapGraph graph, Span<int> owners, BitColumn isFixed, Work work)
    {
        var waiting = new Queue<int>();
        for (int node = 0; node < owners.Length; node++)
        {
            if (isFixed[node]) waiting.Enqueue(node);
        }

        int steps = 0;
        while (waiting.TryDequeue(out int node))
        {
            work.ThrowIfCancelled(++steps);
            int owner = owners[node];
            for (int edge = graph.FirstEdges[node]; edge < graph.FirstEdges[node + 1]; edge++)
            {
                if (graph.EdgeTypes[edge] is EdgeType.Shortcut or EdgeType.Weak) continue;
                int target = (int)graph.EdgeTargets[edge];
                if (target == node || isFixed[target]) continue;
                int merged = owners[target] == None || owners[target] == owner ? owner : Shared;
                if (merged == owners[target]) continue;
                owners[target] = merged;
                waiting.Enqueue(target);
            }
        }
    }
}

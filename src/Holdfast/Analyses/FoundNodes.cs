using System.Globalization;
using System.Text;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>What found objects are ordered by.</summary>
public enum FindOrder
{
    /// <summary>Most retained size first.</summary>
    Retained,

    /// <summary>Most shallow size first.</summary>
    Shallow,

    /// <summary>Lowest id first, which is the oldest first.</summary>
    Id,
}

/// <summary>The objects that an expression chooses.</summary>
/// <param name="Nodes">The first of them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="ShallowSize">Bytes of all of them.</param>
public sealed record FoundNodes(IReadOnlyList<NodeIndex> Nodes, int Count, long ShallowSize)
{
    public static FoundNodes Run(Heap heap, FindExpression expression, FindOrder order, int limit, Work work)
    {
        _ = heap.Distances;
        _ = heap.Retained;
        using var chosen = new BitColumn(heap.Graph.NodeCount);
        chosen.Words.Fill(ulong.MaxValue);
        foreach (FindTerm term in expression.Terms) Narrow(heap, chosen, term, work);
        return Collect(heap, chosen, order, limit, work);
    }

    private static FoundNodes Collect(Heap heap, BitColumn chosen, FindOrder order, int limit, Work work)
    {
        var best = new TopNodes(limit);
        int count = 0;
        long size = 0;
        for (int i = 0; i < heap.Graph.NodeCount; i++)
        {
            work.ThrowIfCancelled(i);
            if (!chosen[i]) continue;
            var node = (NodeIndex)i;
            count++;
            size += heap.Shallow[node];
            best.Add(node, order switch
            {
                FindOrder.Shallow => heap.Shallow[node],
                FindOrder.Id => -(long)heap.Graph.Ids[i],
                _ => heap.Retained[node],
            });
        }

        return new FoundNodes([.. best.Descending()], count, size);
    }

    /// <summary>Takes away the nodes that a term does not hold for.</summary>
    private static void Narrow(Heap heap, BitColumn chosen, FindTerm term, Work work)
    {
        work.Report("finding objects");
        switch (term.Field)
        {
            case FindField.Class:
                using (NodeSet set = ConstructorPattern.Match(heap, term.Text, work)) Keep(chosen, set.Words, term.Negated);
                break;
            case FindField.Name:
                KeepNamed(heap.Graph, chosen, term, work);
                break;
            case FindField.Type:
                KeepTyped(heap.Graph, chosen, term);
                break;
            case FindField.Edge:
                KeepWithEdge(heap.Graph, chosen, term, work);
                break;
            case FindField.Detached:
                for (int i = 0; i < chosen.Length; i++)
                {
                    if (heap.Dom.IsDetached((NodeIndex)i) == term.Negated) chosen[i] = false;
                }

                break;
            default:
                KeepInRange(heap, chosen, term, work);
                break;
        }
    }

    private static void Keep(BitColumn chosen, ReadOnlySpan<ulong> matching, bool negated)
    {
        Span<ulong> words = chosen.Words;
        for (int i = 0; i < words.Length; i++) words[i] &= negated ? ~matching[i] : matching[i];
    }

    private static BitColumn FindStrings(StringTable strings, string text, Work work) => Glob.IsGlob(text)
        ? ConstructorPattern.FindStrings(strings, new Glob(text), work)
        : ConstructorPattern.FindStrings(strings, Encoding.UTF8.GetBytes(text), work);

    private static void KeepNamed(HeapGraph graph, BitColumn chosen, FindTerm term, Work work)
    {
        using BitColumn names = FindStrings(graph.Strings, term.Text, work);
        ReadOnlySpan<int> nodeNames = graph.NodeNames;
        for (int i = 0; i < nodeNames.Length; i++)
        {
            if (names[nodeNames[i]] == term.Negated) chosen[i] = false;
        }
    }

    private static void KeepTyped(HeapGraph graph, BitColumn chosen, FindTerm term)
    {
        var glob = new Glob(term.Text);
        var types = new bool[256];
        bool any = false;
        for (int i = 0; i < graph.NodeTypeNames.Count; i++) any |= types[i] = glob.Matches(graph.NodeTypeNames[i]);
        if (!any)
            throw new InputException($"'type:{term.Text}': there is no such node type. There are: {string.Join(", ", graph.NodeTypeNames)} (put \"…\" around those with a blank).");
        ReadOnlySpan<NodeType> nodeTypes = graph.NodeTypes;
        for (int i = 0; i < nodeTypes.Length; i++)
        {
            if (types[(int)nodeTypes[i]] == term.Negated) chosen[i] = false;
        }
    }

    /// <summary>Keeps the nodes with an edge of this name going out; a number also means the element of that number.</summary>
    private static void KeepWithEdge(HeapGraph graph, BitColumn chosen, FindTerm term, Work work)
    {
        using BitColumn names = FindStrings(graph.Strings, term.Text, work);
        long number = long.TryParse(term.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : -1;
        using var matching = new BitColumn(graph.NodeCount);
        for (int i = 0; i < graph.NodeCount; i++)
        {
            work.ThrowIfCancelled(i);
            if (!chosen[i]) continue;
            for (int edge = graph.FirstEdges[i], end = graph.FirstEdges[i + 1]; edge < end; edge++)
            {
                uint name = graph.EdgeNames[edge];
                bool matches = HeapGraph.IsNumbered(graph.EdgeTypes[edge]) ? name == number : name < (uint)names.Length && names[(int)name];
                if (!matches) continue;
                matching[i] = true;
                break;
            }
        }

        Keep(chosen, matching.Words, term.Negated);
    }

    private static void KeepInRange(Heap heap, BitColumn chosen, FindTerm term, Work work)
    {
        for (int i = 0; i < chosen.Length; i++)
        {
            work.ThrowIfCancelled(i);
            var node = (NodeIndex)i;
            long value = term.Field switch
            {
                FindField.Size => heap.Shallow[node],
                FindField.Retained => heap.Retained[node],
                FindField.Distance => heap.Distances[node],
                _ => (long)heap.Graph.Ids[i],
            };
            if ((value >= term.Low && value <= term.High) == term.Negated) chosen[i] = false;
        }
    }
}

using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>One class of a class table.</summary>
/// <param name="Class">Its number in the catalog of the heap's classes.</param>
/// <param name="Key">Its name and location.</param>
/// <param name="Count">Objects with a size of their own.</param>
/// <param name="ShallowSize">Bytes of the objects themselves.</param>
/// <param name="RetainedSize">Bytes freed if all of them went: objects below another of the class are not counted again.</param>
/// <param name="Distance">The smallest of their distances.</param>
public sealed record ClassRow(int Class, ClassKey Key, int Count, long ShallowSize, long RetainedSize, int Distance);

/// <summary>
/// The class table, as DevTools counts it. Source: DevTools, buildAggregates and calculateClassesRetainedSize.
/// </summary>
public static class ClassTable
{
    /// <returns>Every class that has an object, in the order of their numbers.</returns>
    public static IReadOnlyList<ClassRow> Run(Heap heap, Work work)
    {
        heap.Prepare();
        ReadOnlySpan<int> distances = heap.Distances.Span;
        DominatorTree tree = heap.Dominators;
        ReadOnlySpan<long> retained = heap.Retained.Span;
        ReadOnlySpan<int> classes = heap.Classes.Span;
        WideColumn shallow = heap.Shallow.Column;
        work.Report("adding up classes");

        int classCount = heap.Classes.Catalog.Count;
        var counts = new int[classCount];
        var sizes = new long[classCount];
        var nearest = new int[classCount];
        for (int node = 0; node < classes.Length; node++)
        {
            ulong size = shallow[node];
            if (size == 0) continue;
            int number = classes[node];
            nearest[number] = counts[number] == 0 ? distances[node] : Math.Min(nearest[number], distances[node]);
            counts[number]++;
            sizes[number] += (long)size;
        }

        long[] retainedSizes = AddRetained(tree, classes, shallow, retained, classCount, work);
        var rows = new List<ClassRow>();
        for (int number = 0; number < classCount; number++)
        {
            if (counts[number] > 0)
                rows.Add(new ClassRow(number, heap.Classes.Catalog[number], counts[number], sizes[number], retainedSizes[number], nearest[number]));
        }

        return rows;
    }

    /// <summary>
    /// Adds the retained sizes of each class's topmost objects in the dominator tree. The nodes are looked at in
    /// preorder of the tree, where those below one node follow it: the end of the last counted one's subtree, kept by
    /// class, says whether another is below it.
    /// </summary>
    private static long[] AddRetained(
        DominatorTree tree, ReadOnlySpan<int> classes, WideColumn shallow, ReadOnlySpan<long> retained, int classCount, Work work)
    {
        ReadOnlySpan<NodeIndex> order = tree.Order;
        using Column<int> subtreeColumn = CountSubtrees(tree);
        ReadOnlySpan<int> subtrees = subtreeColumn.Span;
        using Column<NodeIndex> preorderColumn = Preorder(tree, subtrees);
        ReadOnlySpan<NodeIndex> preorder = preorderColumn.Span;
        var sums = new long[classCount];
        var coveredUpTo = new int[classCount];
        for (int place = 0; place < order.Length; place++)
        {
            work.ThrowIfCancelled(place);
            int node = (int)preorder[place];
            int number = classes[node];
            if (place < coveredUpTo[number] || shallow[node] == 0) continue;
            sums[number] += retained[node];
            coveredUpTo[number] = place + subtrees[node];
        }

        return sums;
    }

    /// <summary>Nodes in the subtree of each node, itself among them.</summary>
    private static Column<int> CountSubtrees(DominatorTree tree)
    {
        ReadOnlySpan<NodeIndex> order = tree.Order;
        ReadOnlySpan<NodeIndex> dominators = tree.Dominators;
        Column<int> column = Column<int>.Filled(order.Length, 1);
        Span<int> subtrees = column.Span;
        for (int i = order.Length - 1; i > 0; i--) subtrees[(int)dominators[(int)order[i]]] += subtrees[(int)order[i]];
        return column;
    }

    private static Column<NodeIndex> Preorder(DominatorTree tree, ReadOnlySpan<int> subtrees)
    {
        ReadOnlySpan<NodeIndex> order = tree.Order;
        ReadOnlySpan<NodeIndex> dominators = tree.Dominators;
        Column<NodeIndex> column = Column<NodeIndex>.Uninitialized(order.Length);
        using Column<int> nextColumn = Column<int>.Uninitialized(order.Length);
        Span<NodeIndex> preorder = column.Span;
        Span<int> next = nextColumn.Span;
        preorder[0] = order[0];
        next[(int)order[0]] = 1;
        for (int i = 1; i < order.Length; i++)
        {
            int node = (int)order[i];
            ref int place = ref next[(int)dominators[node]];
            preorder[place] = order[i];
            next[node] = place + 1;
            place += subtrees[node];
        }

        return column;
    }
}

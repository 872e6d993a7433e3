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
    /// <summary>Nodes looked ahead for their figures, and twice that for which nodes they are.</summary>
    private const int Ahead = 8;

    /// <returns>Every class that has an object, in the order of their numbers.</returns>
    public static IReadOnlyList<ClassRow> Run(Heap heap, Work work)
    {
        heap.Prepare();
        ReadOnlySpan<int> distances = heap.Distances.Span;
        DominatorTree tree = heap.Dominators;
        ReadOnlySpan<long> retained = heap.Retained.Span;
        ReadOnlySpan<int> classes = heap.Classes.Span;
        ShallowSizes shallow = heap.Shallow;
        work.Report("adding up classes");

        int classCount = heap.Classes.Catalog.Count;
        var counts = new int[classCount];
        var sizes = new long[classCount];
        var nearest = new int[classCount];
        for (int node = 0; node < classes.Length; node++)
        {
            long size = shallow[(NodeIndex)node];
            if (size == 0) continue;
            int number = classes[node];
            nearest[number] = counts[number] == 0 ? distances[node] : Math.Min(nearest[number], distances[node]);
            counts[number]++;
            sizes[number] += size;
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
        DominatorTree tree, ReadOnlySpan<int> classes, ShallowSizes shallow, ReadOnlySpan<long> retained, int classCount, Work work)
    {
        Unchecked<NodeIndex> order = tree.Order;
        int count = tree.Order.Length;
        using Column<int> subtreeColumn = CountSubtrees(tree);
        Unchecked<int> subtrees = subtreeColumn.Span;
        using Column<int> preorderColumn = Preorder(tree, subtreeColumn.Span);
        Unchecked<int> preorder = preorderColumn.Span;
        Unchecked<int> classOf = classes;
        Unchecked<long> retainedSizes = retained;
        var sums = new long[classCount];
        var coveredUpTo = new int[classCount];
        for (int at = 0; at < count; at++)
        {
            work.ThrowIfCancelled(at);
            int place = preorder[at];
            if (at + 2 * Ahead < count)
            {
                order.Prefetch(preorder[at + 2 * Ahead]);
                int soon = (int)order[preorder[at + Ahead]];
                classOf.Prefetch(soon);
                retainedSizes.Prefetch(soon);
            }

            NodeIndex node = order[place];
            int number = classOf[(int)node];
            if (at < coveredUpTo[number] || shallow[node] == 0) continue;
            sums[number] += retainedSizes[(int)node];
            coveredUpTo[number] = at + subtrees[place];
        }

        return sums;
    }

    /// <summary>Nodes in the subtree of each place of the tree's order, itself among them.</summary>
    private static Column<int> CountSubtrees(DominatorTree tree)
    {
        Unchecked<int> parents = tree.Parents;
        Column<int> column = Column<int>.Filled(tree.Parents.Length, 1);
        Unchecked<int> subtrees = column.Span;
        for (int place = column.Length - 1; place > 0; place--) subtrees[parents[place]] += subtrees[place];
        return column;
    }

    /// <summary>Places of the tree's order, in preorder.</summary>
    private static Column<int> Preorder(DominatorTree tree, ReadOnlySpan<int> subtreeSizes)
    {
        Unchecked<int> parents = tree.Parents;
        Unchecked<int> subtrees = subtreeSizes;
        Column<int> column = Column<int>.Uninitialized(subtreeSizes.Length);
        using Column<int> nextColumn = Column<int>.Uninitialized(subtreeSizes.Length);
        Unchecked<int> preorder = column.Span;
        Unchecked<int> next = nextColumn.Span;
        preorder[0] = 0;
        next[0] = 1;
        for (int place = 1; place < subtreeSizes.Length; place++)
        {
            int at = next[parents[place]];
            next[parents[place]] = at + subtrees[place];
            preorder[at] = place;
            next[place] = at + 1;
        }

        return column;
    }
}

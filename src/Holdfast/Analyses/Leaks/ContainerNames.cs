using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Names of containers by owner and property.</summary>
internal sealed class ContainerNames(Heap heap, PathSearch search, PathMerge merge, Work work)
{
    /// <summary>A name is the nearest variable or property; further up nothing is looked for.</summary>
    private const int MostSteps = 100;

    private readonly HolderNames _names = new(heap, new SourceLocations(heap.Graph, work), work);

    public HolderName Of(NodeIndex node)
    {
        if (!search.IsReached(node)) return new HolderName(0, node, "(weakly held, or garbage)", "", "");
        HeldPath path = HeldPath.Build(heap.Graph, search, merge, node, _ => false, MostSteps);
        return path.Steps.Count == 0 ? new HolderName(0, node, "(root)", "", "") : _names.OfContainer(path);
    }
}

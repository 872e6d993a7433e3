using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Sizes of the containers of a snapshot by object id. 12 bytes a container.</summary>
internal sealed class ContainerSizes : IDisposable
{
    private readonly Column<ulong> _ids;
    private readonly Column<int> _sizes;

    private ContainerSizes(Column<ulong> ids, Column<int> sizes)
    {
        _ids = ids;
        _sizes = sizes;
    }

    /// <param name="graph">The heap.</param>
    /// <param name="containers">Its containers; of an emitter, the listeners count.</param>
    public static ContainerSizes Of(HeapGraph graph, List<Container> containers)
    {
        var sorted = containers.ConvertAll(c => (Id: graph.Ids[(int)c.Node], c.Size, c.Kind));
        sorted.Sort((a, b) => a.Id != b.Id ? a.Id.CompareTo(b.Id) : b.Kind.CompareTo(a.Kind));
        Column<ulong> ids = Column<ulong>.Uninitialized(sorted.Count);
        Column<int> sizes = Column<int>.Uninitialized(sorted.Count);
        for (int i = 0; i < sorted.Count; i++)
        {
            ids[i] = sorted[i].Id;
            sizes[i] = sorted[i].Size;
        }

        return new ContainerSizes(ids, sizes);
    }

    /// <summary>Entries of a container; 0 where it is not there, or too small to have been kept.</summary>
    public int this[ulong id]
    {
        get
        {
            int place = _ids.Span.BinarySearch(id);
            while (place > 0 && _ids[place - 1] == id) place--;
            return place < 0 ? 0 : _sizes[place];
        }
    }

    public void Dispose()
    {
        _ids.Dispose();
        _sizes.Dispose();
    }
}

using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Sizes of the containers of a snapshot by object id. 20 bytes a container.</summary>
internal sealed class ContainerSizes : IDisposable
{
    private readonly Column<ulong> _ids;
    private readonly Column<int> _sizes;
    private readonly Column<long> _bytes;

    private ContainerSizes(Column<ulong> ids, Column<int> sizes, Column<long> bytes)
    {
        _ids = ids;
        _sizes = sizes;
        _bytes = bytes;
    }

    /// <param name="graph">The heap.</param>
    /// <param name="containers">Its containers; of an emitter, the listeners count.</param>
    public static ContainerSizes Of(HeapGraph graph, List<Container> containers)
    {
        var sorted = containers.ConvertAll(c => (Id: graph.Ids[(int)c.Node], c.Size, c.Kind, c.Bytes));
        sorted.Sort((a, b) => a.Id != b.Id ? a.Id.CompareTo(b.Id) : b.Kind.CompareTo(a.Kind));
        Column<ulong> ids = Column<ulong>.Uninitialized(sorted.Count);
        Column<int> sizes = Column<int>.Uninitialized(sorted.Count);
        Column<long> bytes = Column<long>.Uninitialized(sorted.Count);
        for (int i = 0; i < sorted.Count; i++)
        {
            ids[i] = sorted[i].Id;
            sizes[i] = sorted[i].Size;
            bytes[i] = sorted[i].Bytes;
        }

        return new ContainerSizes(ids, sizes, bytes);
    }

    /// <summary>Entries of a container; 0 where it is not there, or too small to have been kept.</summary>
    public int this[ulong id] => PlaceOf(id) is >= 0 and var place ? _sizes[place] : 0;

    /// <summary>Entries and backing store of a container; of an emitter that is a container too, what is asked for. 0 where it is not there.</summary>
    public (int Size, long Bytes) Find(ulong id, ContainerKind kind)
    {
        int place = PlaceOf(id);
        if (place < 0) return default;
        bool hasBoth = place + 1 < _ids.Length && _ids[place + 1] == id;
        if (hasBoth && kind != ContainerKind.Listeners) place++;
        return (_sizes[place], _bytes[place]);
    }

    /// <summary>Bytes of a container's backing store; 0 where it is not there, or too small to have been kept.</summary>
    public long Bytes(ulong id)
    {
        // An emitter's listeners come first and have no store of their own.
        int place = PlaceOf(id);
        if (place < 0) return 0;
        return place + 1 < _ids.Length && _ids[place + 1] == id ? _bytes[place + 1] : _bytes[place];
    }

    public void Dispose()
    {
        _ids.Dispose();
        _sizes.Dispose();
        _bytes.Dispose();
    }

    private int PlaceOf(ulong id)
    {
        int place = _ids.Span.BinarySearch(id);
        while (place > 0 && _ids[place - 1] == id) place--;
        return place;
    }
}

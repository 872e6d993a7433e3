using System.Numerics;
using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// All objects in the order of their addresses, and the object at an address: a bit for each place an object can begin at,
/// with ranks. 16 bytes an object, 6 KiB a page.
/// </summary>
internal sealed unsafe class ObjectTable : IDisposable
{
    private const int WordsPerPage = HeapPage.Size / 8 / 64;

    /// <summary>Bytes of a small object; room that is not used costs nothing.</summary>
    private const int UsualBytes = 32;

    private readonly HeapPages _pages;
    private readonly Column<ulong> _starts;
    private readonly Column<int> _ranks;
    private readonly Dictionary<ulong, ulong> _forwarded = [];

    /// <param name="pages">The pages.</param>
    /// <param name="storedBytes">Bytes that files have of the process's memory: no more objects are expected than fit there.</param>
    public ObjectTable(HeapPages pages, long storedBytes)
    {
        _pages = pages;
        long bytes = Math.Min(storedBytes, pages.All.Sum(p => (long)(p.End - p.Start)));
        long expected = Math.Clamp(bytes / UsualBytes, 1024, Limits.MaxNodes);
        (Addresses, Maps, Sizes) = (new Column<ulong>(expected), new Column<int>(expected), new Column<uint>(expected));
        _starts = new Column<ulong>((long)pages.All.Count * WordsPerPage);
        _ranks = new Column<int>((long)pages.All.Count * WordsPerPage);
    }

    /// <summary>Addresses without tags.</summary>
    public Column<ulong> Addresses { get; }

    /// <summary>Numbers of maps.</summary>
    public Column<int> Maps { get; }

    /// <summary>Sizes in words.</summary>
    public Column<uint> Sizes { get; }

    public int Count { get; private set; }

    /// <summary>Whether the garbage collector was moving objects.</summary>
    public bool HasForwarded => _forwarded.Count > 0;

    public void Add(HeapPage page, ulong address, int map, long words)
    {
        if (Count == Addresses.Length) Grow();
        Addresses[Count] = address;
        Maps[Count] = map;
        Sizes[Count] = (uint)words;
        Count++;
        int word = (int)((address - page.Base) >> 3);
        if (word < HeapPage.Size / 8) _starts[(page.Number * WordsPerPage) + (word >> 6)] |= 1UL << (word & 63);
    }

    /// <summary>Notes that the garbage collector has moved an object; a reference to the old place is one to the new.</summary>
    public void Forward(ulong from, ulong to) => _forwarded[from] = to;

    /// <summary>Ends adding.</summary>
    public void Complete()
    {
        foreach (HeapPage page in _pages.All)
        {
            int rank = page.FirstObject;
            for (int i = page.Number * WordsPerPage; i < (page.Number + 1) * WordsPerPage; i++)
            {
                _ranks[i] = rank;
                rank += BitOperations.PopCount(_starts[i]);
            }
        }
    }

    /// <summary>The object a tagged reference leads to, weak or strong, or -1 where it leads to none.</summary>
    public int IndexOf(ulong reference)
    {
        // Tags are 01 and, for weak references, 11.
        if ((reference & 5) != 1) return -1;
        ulong address = reference & ~7UL;
        int page = _pages.NumberOf(address);
        if (page < 0) return -1;
        int word = (int)(address & (HeapPage.Size - 1)) >> 3;
        int place = (page * WordsPerPage) + (word >> 6);
        ulong bits = _starts.Span[place], bit = 1UL << (word & 63);
        if ((bits & bit) != 0) return _ranks.Span[place] + BitOperations.PopCount(bits & (bit - 1));
        return _forwarded.Count > 0 && _forwarded.TryGetValue(address, out ulong moved) && moved != address ? IndexOf(moved + 1) : -1;
    }

    /// <summary>Bytes of the objects from one index to before another.</summary>
    public long BytesBetween(int first, int end)
    {
        long words = 0;
        foreach (uint size in Sizes.Span[first..end]) words += size;
        return 8 * words;
    }

    public void Dispose()
    {
        Addresses.Dispose();
        Maps.Dispose();
        Sizes.Dispose();
        _starts.Dispose();
        _ranks.Dispose();
    }

    private void Grow()
    {
        if (Count >= Limits.MaxNodes) throw new InputException($"more than {Limits.MaxNodes} objects (limit MaxNodes)");
        long length = Math.Min(Limits.MaxNodes, Addresses.Length * 2L);
        Addresses.Resize(length);
        Maps.Resize(length);
        Sizes.Resize(length);
    }
}

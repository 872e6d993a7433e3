namespace Holdfast.Sources.CoreDump.Elf;

/// <summary>
/// What was looked at of a process's memory, in pages of 4 KiB; and of each page the words that were read for what they say. Other
/// words were only searched for pointers.
/// </summary>
internal sealed class TouchedMemory
{
    public const int PageShift = 12;
    public const int PageBytes = 1 << PageShift;

    private const int WordsPerPage = PageBytes / 8 / 64;

    private readonly Dictionary<ulong, ulong[]?> _pages = [];
    private ulong _last = ulong.MaxValue;
    private ulong[] _lastWords = [];

    /// <summary>Addresses of the pages, in no order.</summary>
    public IEnumerable<ulong> Pages => _pages.Keys.Select(page => page << PageShift);

    /// <summary>Notes a search through memory.</summary>
    public void Look(ulong address, ulong bytes)
    {
        if (bytes == 0) return;
        for (ulong page = address >> PageShift; page <= (address + bytes - 1) >> PageShift; page++) _pages.TryAdd(page, null);
    }

    /// <summary>Notes words that were read.</summary>
    public void Read(ulong address, ulong bytes)
    {
        if (bytes == 0) return;
        for (ulong word = address >> 3; word <= (address + bytes - 1) >> 3; word++)
        {
            ulong page = word >> (PageShift - 3);
            if (page != _last) Turn(page);
            _lastWords[(word >> 6) & (WordsPerPage - 1)] |= 1UL << (int)(word & 63);
        }
    }

    /// <summary>Whether the word at an address was read.</summary>
    public bool WasRead(ulong address) =>
        _pages.TryGetValue(address >> PageShift, out ulong[]? words) && words is not null
        && (words[(address >> 9) & (WordsPerPage - 1)] >> (int)(address >> 3 & 63) & 1) != 0;

    private void Turn(ulong page)
    {
        if (!_pages.TryGetValue(page, out ulong[]? words) || words is null) _pages[page] = words = new ulong[WordsPerPage];
        (_last, _lastWords) = (page, words);
    }
}

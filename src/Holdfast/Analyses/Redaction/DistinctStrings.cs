using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Redaction;

/// <summary>Which strings of a table have the same text: each has the number of the first with that text. Most tables have each text once.</summary>
internal sealed class DistinctStrings : IDisposable
{
    private const int None = -1;

    private readonly StringTable _strings;
    private readonly Column<int> _first;
    private readonly Column<int> _next;
    private readonly Dictionary<int, int> _byHash = [];

    public DistinctStrings(StringTable strings, Work work)
    {
        _strings = strings;
        _first = Column<int>.Uninitialized(strings.Count);
        _next = Column<int>.Uninitialized(strings.Count);
        for (int i = 0; i < strings.Count; i++)
        {
            work.ThrowIfCancelled(i);
            Add(i);
        }
    }

    /// <summary>The first string with the text of this one.</summary>
    public int this[int index] => _first[index];

    /// <inheritdoc cref="this[int]"/>
    public int this[uint index] => _first[(int)index];

    /// <summary>The first string with this text, or -1.</summary>
    public int Find(ReadOnlySpan<byte> utf8) => _byHash.TryGetValue(HashOf(utf8), out int head) ? Search(head, utf8) : None;

    public void Dispose()
    {
        _first.Dispose();
        _next.Dispose();
    }

    private void Add(int index)
    {
        ReadOnlySpan<byte> text = _strings.Utf8(index);
        ref int head = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHash, HashOf(text), out bool exists);
        int same = exists ? Search(head, text) : None;
        _first[index] = same == None ? index : same;
        if (same != None) return;
        _next[index] = exists ? head : None;
        head = index;
    }

    private int Search(int head, ReadOnlySpan<byte> text)
    {
        for (int i = head; i != None; i = _next[i])
        {
            if (_strings.Utf8(i).SequenceEqual(text)) return i;
        }

        return None;
    }

    private static int HashOf(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        return hash.ToHashCode();
    }
}

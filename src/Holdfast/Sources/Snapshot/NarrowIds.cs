using System.Buffers.Text;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Ids for a snapshot file where a graph's own are addresses: DevTools keeps ids in 32 bits. Objects get odd numbers and all
/// else even ones, as V8 has it. The names of WeakMap entries, which have ids in them, get the same ones.
/// </summary>
internal sealed class NarrowIds
{
    private readonly HeapGraph _graph;
    private readonly Dictionary<ulong, ulong> _named = [];

    public NarrowIds(HeapGraph graph, Work work)
    {
        _graph = graph;
        for (int i = 0; i < graph.Strings.Count; i++)
        {
            work.ThrowIfCancelled(i);
            if (!IsPair(graph.Strings.Utf8(i))) continue;
            foreach ((int start, int length) in Ids(graph.Strings.Utf8(i))) _named[Parse(graph.Strings.Utf8(i), start, length)] = 0;
        }

        for (int node = 0; _named.Count > 0 && node < graph.NodeCount; node++)
        {
            if (_named.ContainsKey(graph.Ids[node])) _named[graph.Ids[node]] = Of(node);
        }
    }

    public ulong Of(int node) => (2UL * (ulong)node) + (_graph.Ids[node] & 1);

    /// <summary>A string of the graph, with the new ids where it names an entry of a WeakMap.</summary>
    public ReadOnlySpan<byte> Text(int index)
    {
        ReadOnlySpan<byte> text = _graph.Strings.Utf8(index);
        return IsPair(text) ? Rename(text) : text;
    }

    private byte[] Rename(ReadOnlySpan<byte> text)
    {
        var renamed = new List<byte>(text.Length);
        Span<byte> digits = stackalloc byte[20];
        int from = 0;
        foreach ((int start, int length) in Ids(text))
        {
            renamed.AddRange(text[from..start]);
            ulong id = _named.GetValueOrDefault(Parse(text, start, length));
            if (id == 0 || !Utf8Formatter.TryFormat(id, digits, out int written)) renamed.AddRange(text.Slice(start, length));
            else renamed.AddRange(digits[..written]);
            from = start + length;
        }

        renamed.AddRange(text[from..]);
        return [.. renamed];
    }

    private static bool IsPair(ReadOnlySpan<byte> text) =>
        text is [>= (byte)'0' and <= (byte)'9', .., (byte)')'] && text.IndexOf(" pair in WeakMap (table @"u8) >= 0;

    /// <summary>Numbers after an @.</summary>
    private static List<(int Start, int Length)> Ids(ReadOnlySpan<byte> text)
    {
        var ids = new List<(int, int)>();
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '@') continue;
            int end = at + 1;
            while (end < text.Length && text[end] is >= (byte)'0' and <= (byte)'9') end++;
            if (end > at + 1) ids.Add((at + 1, end - at - 1));
        }

        return ids;
    }

    private static ulong Parse(ReadOnlySpan<byte> text, int start, int length) =>
        Utf8Parser.TryParse(text.Slice(start, length), out ulong id, out _) ? id : 0;
}

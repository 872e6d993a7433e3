using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// The edges that stand for one entry of a WeakMap. V8 writes each entry (an ephemeron) as two internal edges to the
/// value, one from the key and one from the table, named
/// <c>N / part of key (K @id) -> value (V @id) pair in WeakMap (table @id)</c>; what follows the number is the same in both.
/// </summary>
public sealed partial class WeakMapEdges : IDisposable
{
    private readonly BitColumn _isPair;
    private readonly Dictionary<int, Pair> _pairs = [];

    private WeakMapEdges(int stringCount) => _isPair = new BitColumn(stringCount);

    /// <param name="Key">The same for both edges of an entry.</param>
    /// <param name="TableId">Object id of the WeakMap's table.</param>
    public readonly record struct Pair(int Key, ulong TableId);

    /// <summary>Entries named in the graph's strings.</summary>
    public int Count => _pairs.Count;

    public static WeakMapEdges Run(HeapGraph graph, Work work)
    {
        StringTable strings = graph.Strings;
        var result = new WeakMapEdges(strings.Count);
        var keys = new Dictionary<string, int>();
        for (int i = 0; i < strings.Count; i++)
        {
            work.ThrowIfCancelled(i);
            ReadOnlySpan<byte> text = strings.Utf8(i);
            if (text is not [>= (byte)'0' and <= (byte)'9', .., (byte)')'] || text.IndexOf(" pair in WeakMap (table @"u8) < 0) continue;
            Match match = PairName().Match(strings.Decode(i));
            if (!match.Success) continue;
            string part = match.Groups["part"].Value;
            if (!keys.TryGetValue(part, out int key)) keys.Add(part, key = keys.Count);
            _ = ulong.TryParse(match.Groups["table"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ulong table);
            result._isPair[i] = true;
            result._pairs.Add(i, new Pair(key, table));
        }

        return result;
    }

    /// <summary>Whether an internal edge of this name is half of a WeakMap entry.</summary>
    public bool IsPair(uint edgeName) => edgeName < (uint)_isPair.Length && _isPair[(int)edgeName];

    /// <summary>The entry, for a name of which <see cref="IsPair"/> says so.</summary>
    public Pair this[uint edgeName] => _pairs[(int)edgeName];

    /// <summary>Whether an edge of a node is the half of an entry that starts at the table: the key keeps the value, the table does not.</summary>
    public bool IsFromTable(HeapGraph graph, NodeIndex node, int edge)
    {
        uint name = graph.EdgeNames[edge];
        return IsPair(name) && _pairs[(int)name].TableId == graph.Ids[(int)node];
    }

    public void Dispose() => _isPair.Dispose();

    [GeneratedRegex(@"^[0-9]+(?<part> / part of key \([^\n\r\u2028\u2029]*? @[0-9]+\) -> value \([^\n\r\u2028\u2029]*? @[0-9]+\) pair in WeakMap \(table @(?<table>[0-9]+)\))$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PairName();
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>Strings with the same text.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many they are.</param>
/// <param name="ShallowSize">Their bytes.</param>
/// <param name="RetainedSize">Their retained sizes added up.</param>
/// <param name="Wasted">Bytes that would be freed if only the largest of them were kept.</param>
public sealed record DuplicateString(NodeIndex First, int Count, long ShallowSize, long RetainedSize, long Wasted);

/// <summary>
/// Texts that several strings hold. Strings without bytes of their own are left out, and concatenated strings that
/// were put together already. Strings that were cut when written are only the same if their whole length and hash are.
/// Source: DevTools, JSHeapSnapshot.getDuplicateStrings.
/// </summary>
/// <param name="Groups">Those that waste most first.</param>
/// <param name="Strings">Strings that were looked at.</param>
public sealed record DuplicateStrings(IReadOnlyList<DuplicateString> Groups, int Strings)
{
    public static DuplicateStrings Run(Heap heap, Work work)
    {
        _ = heap.Retained;
        work.Report("comparing strings");
        var search = new Search(heap);
        int strings = search.Run(work);
        return new DuplicateStrings(
            [.. search.Groups.OrderByDescending(g => g.Wasted).ThenByDescending(g => g.ShallowSize).ThenBy(g => g.First)], strings);
    }

    private record struct Tally(NodeIndex First, int Count, long ShallowSize, long RetainedSize, long Largest, int Next);

    /// <summary>What tells strings with the same written text apart where they were cut.</summary>
    private readonly record struct Cut(long Length, long Hash);

    private sealed class Search
    {
        private const int None = -1;

        private readonly Heap _heap;
        private readonly HeapGraph _graph;
        private readonly ConsStrings _consStrings;
        private readonly CutStrings _cutStrings;

        /// <summary>Group plus 1 by string; 0 not asked yet.</summary>
        private readonly int[] _byString;

        /// <summary>First group by hash of the text; the others follow by <see cref="Tally.Next"/>.</summary>
        private readonly Dictionary<int, int> _byHash;
        private readonly Dictionary<(int Group, Cut Cut), int> _cut = [];
        private readonly List<Tally> _tallies = [];

        /// <summary>Text of the groups whose first string is a concatenated one; the others' is in the string table.</summary>
        private readonly Dictionary<int, byte[]> _texts = [];

        public Search(Heap heap)
        {
            _heap = heap;
            _graph = heap.Graph;
            _consStrings = new ConsStrings(_graph);
            _cutStrings = new CutStrings(_graph);
            _byString = new int[_graph.Strings.Count];
            _byHash = new Dictionary<int, int>(_graph.Strings.Count);
        }

        public IEnumerable<DuplicateString> Groups => _tallies.Where(t => t.Count > 1)
            .Select(t => new DuplicateString(t.First, t.Count, t.ShallowSize, t.RetainedSize, t.ShallowSize - t.Largest));

        public int Run(Work work)
        {
            int strings = 0;
            for (int i = 0; i < _graph.NodeCount; i++)
            {
                work.ThrowIfCancelled(i);
                var node = (NodeIndex)i;
                NodeType type = _graph.NodeTypes[i];
                long size = _heap.Shallow[node];
                if (type is not (NodeType.String or NodeType.ConsString) || size == 0 || _consStrings.IsFlat(node)) continue;
                strings++;
                int group = type == NodeType.String ? GroupOfString(node) : GroupOfText(node, Encoding.UTF8.GetBytes(_heap.Names[node]), isOwned: true);
                if (_cutStrings.TryGet(node, out long length, out long hash)) group = GroupOfCut(node, group, new Cut(length, hash));
                ref Tally tally = ref CollectionsMarshal.AsSpan(_tallies)[group];
                if (tally.Count++ == 0) tally.First = node;
                tally.ShallowSize += size;
                tally.RetainedSize += _heap.Retained[node];
                tally.Largest = Math.Max(tally.Largest, size);
            }

            return strings;
        }

        private int GroupOfString(NodeIndex node)
        {
            ref int known = ref _byString[_graph.NodeNames[(int)node]];
            if (known == 0) known = GroupOfText(node, _graph[node].NameUtf8, isOwned: false) + 1;
            return known - 1;
        }

        private int GroupOfText(NodeIndex node, ReadOnlySpan<byte> text, bool isOwned)
        {
            var hash = new HashCode();
            hash.AddBytes(text);
            ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHash, hash.ToHashCode(), out bool exists);
            if (!exists) first = None;
            for (int group = first; group != None; group = _tallies[group].Next)
            {
                if (TextOf(group).SequenceEqual(text)) return group;
            }

            int added = Add(node, first);
            first = added;
            if (isOwned) _texts.Add(added, text.ToArray());
            return added;
        }

        private ReadOnlySpan<byte> TextOf(int group) =>
            _texts.TryGetValue(group, out byte[]? text) ? text : _graph[_tallies[group].First].NameUtf8;

        private int GroupOfCut(NodeIndex node, int group, Cut cut)
        {
            if (_cut.TryGetValue((group, cut), out int found)) return found;
            found = Add(node, None);
            _cut.Add((group, cut), found);
            return found;
        }

        private int Add(NodeIndex first, int next)
        {
            _tallies.Add(new Tally(first, 0, 0, 0, 0, next));
            return _tallies.Count - 1;
        }
    }

    /// <summary>
    /// Strings that say of themselves that they were cut: an internal edge <c>truncated</c> to a boolean that is true, and
    /// <c>length</c> and <c>hash</c> to integers. Values are V8's nodes for numbers, with an internal edge <c>value</c>.
    /// </summary>
    private sealed class CutStrings(HeapGraph graph)
    {
        private readonly int _truncated = graph.Strings.Find("truncated"u8);

        public bool TryGet(NodeIndex node, out long length, out long hash)
        {
            length = hash = 0;
            if (_truncated < 0 || Value(node, "truncated"u8, "bool"u8) is not "true") return false;
            length = Number(node, "length"u8);
            hash = Number(node, "hash"u8);
            return true;
        }

        private long Number(NodeIndex node, ReadOnlySpan<byte> edge) =>
            long.TryParse(Value(node, edge, "int"u8), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : -1;

        private string? Value(NodeIndex node, ReadOnlySpan<byte> edgeName, ReadOnlySpan<byte> kind)
        {
            foreach (Edge edge in graph[node].Edges)
            {
                if (edge.Type != EdgeType.Internal || !graph.EdgeNameIs(edge.Index, edgeName)) continue;
                if (graph.NodeTypes[(int)edge.Target] != NodeType.Number || !graph[edge.Target].NameUtf8.SequenceEqual(kind)) continue;
                foreach (Edge value in graph[edge.Target].Edges)
                {
                    if (value.Type == EdgeType.Internal && graph.EdgeNameIs(value.Index, "value"u8)) return graph[value.Target].Name;
                }
            }

            return null;
        }
    }
}

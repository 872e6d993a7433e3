using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>One way some of the objects are pointed at.</summary>
/// <param name="Retainer">What points: a class, a function's name and (), V8's own name.</param>
/// <param name="RetainerClass">The retainer's class in the class table.</param>
/// <param name="RetainerType">Its node type.</param>
/// <param name="Edge">The edge's name; <c>[]</c> for numbered ones, <c>*</c> for many names folded into one.</param>
/// <param name="EdgeType">The edge's type.</param>
/// <param name="EdgeNames">Different names behind <paramref name="Edge"/>; 1 unless folded.</param>
/// <param name="Count">Edges.</param>
/// <param name="Instances">Objects they lead to, each counted once.</param>
/// <param name="ShallowSize">Bytes of those objects themselves.</param>
/// <param name="Example">A retainer, the first in the graph's order.</param>
public sealed record RetainerPattern(
    string Retainer, string RetainerClass, string RetainerType, string Edge, string EdgeType, int EdgeNames,
    int Count, int Instances, long ShallowSize, NodeIndex Example);

/// <summary>Who points at some objects, as patterns.</summary>
/// <param name="Patterns">Most edges first.</param>
/// <param name="Instances">The objects.</param>
/// <param name="ShallowSize">Their bytes.</param>
/// <param name="WeakEdges">Weak edges that were left out.</param>
/// <param name="NoiseEdges">Edges from V8's own bookkeeping (<see cref="V8Noise"/>) that were left out.</param>
/// <param name="WithoutRetainer">Objects none of the patterns leads to.</param>
public sealed record RetainerPatterns(
    IReadOnlyList<RetainerPattern> Patterns, int Instances, long ShallowSize, long WeakEdges, long NoiseEdges, int WithoutRetainer)
{
    /// <summary>Different edge names of one retainer's class from which on the rare ones fold into <c>*</c>.</summary>
    public const int FoldedNames = 32;

    /// <param name="heap">The heap.</param>
    /// <param name="objects">Whose retainers.</param>
    /// <param name="weak">Whether weak edges count.</param>
    /// <param name="all">Whether edges from V8's own bookkeeping count.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static RetainerPatterns Run(Heap heap, NodeSet objects, bool weak, bool all, Work work)
    {
        _ = heap.Retainers;
        work.Report("grouping retainers");
        using V8Noise? noise = all ? null : V8Noise.Run(heap.Graph, work);
        var search = new Search(heap, objects, weak, noise, work);
        return search.Run();
    }

    /// <summary>What edges are grouped by.</summary>
    private readonly record struct Key(long Retainer, NodeType RetainerType, int Edge, EdgeType EdgeType);

    private record struct Tally(int Count, int Instances, long ShallowSize, NodeIndex Example, NodeIndex Last);

    private sealed class Search(Heap heap, NodeSet objects, bool weak, V8Noise? noise, Work work)
    {
        private readonly HeapGraph _graph = heap.Graph;
        private readonly EdgeLabels _edgeLabels = new(heap.Graph, heap.WeakMaps);
        private readonly NodeLabels _nodeLabels = new(heap);
        private readonly Dictionary<Key, int> _numbers = [];
        private readonly List<Key> _keys = [];
        private readonly List<int> _counts = [];

        /// <summary>Final pattern of each key: itself, or the one it folds into.</summary>
        private int[] _finals = [];
        private long _weakEdges;
        private long _noiseEdges;

        public RetainerPatterns Run()
        {
            CountEdges();
            Fold();
            var tallies = new Tally[_keys.Count];
            (int without, long size) = AddUp(tallies);
            var names = new int[_keys.Count];
            foreach (int final in _finals) names[final]++;
            var patterns = new List<RetainerPattern>();
            for (int i = 0; i < tallies.Length; i++)
            {
                if (tallies[i].Count > 0) patterns.Add(Describe(_keys[i], tallies[i], _keys[i].Edge == EdgeLabels.Any ? names[i] - 1 : 1));
            }

            return new RetainerPatterns(Sort(patterns), objects.Count, size, _weakEdges, _noiseEdges, without);
        }

        private static RetainerPattern[] Sort(List<RetainerPattern> patterns) =>
        [
            .. patterns.OrderByDescending(p => p.Count).ThenByDescending(p => p.ShallowSize)
                .ThenBy(p => p.Retainer, StringComparer.Ordinal).ThenBy(p => p.Edge, StringComparer.Ordinal)
                .ThenBy(p => p.EdgeType, StringComparer.Ordinal).ThenBy(p => p.RetainerType, StringComparer.Ordinal).ThenBy(p => p.Example),
        ];

        private void CountEdges()
        {
            ReadOnlySpan<int> first = heap.Retainers.First;
            ReadOnlySpan<NodeIndex> sources = heap.Retainers.Sources;
            ReadOnlySpan<EdgeIndex> edges = heap.Retainers.Edges;
            int steps = 0;
            foreach (NodeIndex node in objects)
            {
                for (int i = first[(int)node], end = first[(int)node + 1]; i < end; i++)
                {
                    work.ThrowIfCancelled(++steps);
                    if (_graph.EdgeTypes[(int)edges[i]] == EdgeType.Weak && !weak)
                    {
                        _weakEdges++;
                    }
                    else if (noise is not null && noise.Contains(sources[i]))
                    {
                        _noiseEdges++;
                    }
                    else
                    {
                        int number = Number(KeyOf(sources[i], edges[i]));
                        _counts[number]++;
                    }
                }
            }
        }

        private Key KeyOf(NodeIndex source, EdgeIndex edge) => new(
            _nodeLabels.Of(source), _graph.NodeTypes[(int)source], _edgeLabels.Of(source, (int)edge), _graph.EdgeTypes[(int)edge]);

        private int Number(Key key)
        {
            if (_numbers.TryGetValue(key, out int number)) return number;
            number = _keys.Count;
            _numbers.Add(key, number);
            _keys.Add(key);
            _counts.Add(0);
            return number;
        }

        /// <summary>
        /// Where one kind of retainer has many different edge names (the keys of a dictionary), those that stand for less
        /// than a hundredth of its edges fold into one.
        /// </summary>
        private void Fold()
        {
            var groups = new Dictionary<Key, (int Names, long Edges)>();
            for (int i = 0; i < _keys.Count; i++)
            {
                if (!EdgeLabels.IsOwn(_keys[i].Edge)) continue;
                ref (int Names, long Edges) group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, Folded(i), out _);
                group.Names++;
                group.Edges += _counts[i];
            }

            int named = _keys.Count;
            var finals = new List<int>(named);
            for (int i = 0; i < named; i++)
            {
                bool folds = EdgeLabels.IsOwn(_keys[i].Edge) && groups[Folded(i)] is var (names, edges)
                    && names > FoldedNames && _counts[i] * 100L < edges;
                finals.Add(folds ? Number(Folded(i)) : i);
            }

            for (int i = named; i < _keys.Count; i++) finals.Add(i);
            _finals = [.. finals];
        }

        private Key Folded(int key) => _keys[key] with { Edge = EdgeLabels.Any };

        private (int WithoutRetainer, long ShallowSize) AddUp(Tally[] tallies)
        {
            ReadOnlySpan<int> first = heap.Retainers.First;
            ReadOnlySpan<NodeIndex> sources = heap.Retainers.Sources;
            ReadOnlySpan<EdgeIndex> edges = heap.Retainers.Edges;
            int without = 0;
            long total = 0;
            for (int i = 0; i < tallies.Length; i++) tallies[i].Last = NodeIndex.None;
            int steps = 0;
            foreach (NodeIndex node in objects)
            {
                long size = heap.Shallow[node];
                total += size;
                bool any = false;
                for (int i = first[(int)node], end = first[(int)node + 1]; i < end; i++)
                {
                    work.ThrowIfCancelled(++steps);
                    if (_graph.EdgeTypes[(int)edges[i]] == EdgeType.Weak && !weak) continue;
                    if (noise is not null && noise.Contains(sources[i])) continue;
                    any = true;
                    ref Tally tally = ref tallies[_finals[_numbers[KeyOf(sources[i], edges[i])]]];
                    if (tally.Count++ == 0) tally.Example = sources[i];
                    if (tally.Last == node) continue;
                    tally.Last = node;
                    tally.Instances++;
                    tally.ShallowSize += size;
                }

                if (!any) without++;
            }

            return (without, total);
        }

        private RetainerPattern Describe(Key key, Tally tally, int names) => new(
            _nodeLabels.Text(tally.Example), heap.Classes[tally.Example].Name, _graph.NodeTypeName(tally.Example),
            _edgeLabels.Text(key.Edge), _graph.EdgeTypeNames[(int)key.EdgeType], names,
            tally.Count, tally.Instances, tally.ShallowSize, tally.Example);
    }
}

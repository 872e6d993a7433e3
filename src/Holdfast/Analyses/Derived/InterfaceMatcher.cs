using System.Runtime.InteropServices;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// Finds the interface of a plain object: of those whose properties it all has, the one with most properties, and of
/// equals the most popular. Source: DevTools, HeapSnapshot.applyInterfaceDefinitions.
/// </summary>
internal sealed class InterfaceMatcher
{
    private const int NotAsked = 0;
    private const int Irrelevant = 1;

    private readonly HeapGraph _graph;
    private readonly Dictionary<string, int> _propertyIds = [];

    /// <summary>Sorted property numbers of each definition, and its place in the list it came from; best match first.</summary>
    private readonly (int[] Properties, int Place)[] _definitions;
    private readonly int[] _propertyOfString;
    private readonly NameSequences<int> _known = new();
    private readonly List<int> _properties = [];

    public InterfaceMatcher(HeapGraph graph, IReadOnlyList<InterfaceDefinition> definitions)
    {
        _graph = graph;
        _propertyOfString = new int[graph.Strings.Count];
        foreach (InterfaceDefinition definition in definitions)
        {
            foreach (string property in definition.Properties) _propertyIds.TryAdd(property, _propertyIds.Count + Irrelevant + 1);
        }

        _definitions =
        [
            .. definitions
                .Select((d, place) => (Properties: d.Properties.Select(p => _propertyIds[p]).Order().ToArray(), place))
                .OrderByDescending(d => d.Properties.Length),
        ];
    }

    /// <summary>The place of the object's interface in the list of definitions, or -1.</summary>
    public int Match(NodeIndex node)
    {
        _properties.Clear();
        ReadOnlySpan<EdgeType> types = _graph.EdgeTypes;
        ReadOnlySpan<uint> names = _graph.EdgeNames;
        for (int edge = _graph.FirstEdges[(int)node], end = _graph.FirstEdges[(int)node + 1]; edge < end; edge++)
        {
            if (types[edge] != EdgeType.Property) continue;
            int property = _propertyOfString[names[edge]];
            if (property == NotAsked) property = Ask((int)names[edge]);
            if (property != Irrelevant) _properties.Add(property);
        }

        Span<int> properties = CollectionsMarshal.AsSpan(_properties);
        if (_known.TryGet(properties, out int place)) return place;
        int[] sorted = [.. properties];
        Array.Sort(sorted);
        place = BestMatch(sorted);
        _known.Add(properties, place);
        return place;
    }

    private int Ask(int name) =>
        _propertyOfString[name] = _propertyIds.GetValueOrDefault(_graph.Strings.Decode(name), Irrelevant);

    private int BestMatch(int[] sorted)
    {
        foreach ((int[] properties, int place) in _definitions)
        {
            if (properties.Length <= sorted.Length && Contains(sorted, properties)) return place;
        }

        return -1;
    }

    /// <summary>Whether all of <paramref name="wanted"/> are in <paramref name="sorted"/>, as often.</summary>
    private static bool Contains(int[] sorted, int[] wanted)
    {
        int at = 0;
        foreach (int property in wanted)
        {
            while (at < sorted.Length && sorted[at] < property) at++;
            if (at == sorted.Length || sorted[at] != property) return false;
            at++;
        }

        return true;
    }
}

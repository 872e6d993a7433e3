using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>A shape that many plain objects share.</summary>
/// <param name="Name">What the class is called: <c>{a, b}</c>.</param>
/// <param name="Properties">The properties it is made of, in order of appearance.</param>
public sealed record InterfaceDefinition(string Name, IReadOnlyList<string> Properties);

/// <summary>
/// The interfaces that plain objects (constructor <c>Object</c>) are classed by, most popular first.
/// Source: DevTools, HeapSnapshot.inferInterfaceDefinitions.
/// </summary>
public static class InterfaceDefinitions
{
    private const int MaxNameLength = 120;
    private const int MinCount = 2;
    private const double MinShareOfObjects = 1.0 / 1000;

    public static IReadOnlyList<InterfaceDefinition> Run(HeapGraph graph, PlainObjects objects, Work work)
    {
        work.Report("inferring interfaces");
        var search = new Search(graph);
        int total = 0;
        foreach (NodeIndex node in objects)
        {
            search.Add(node);
            work.ThrowIfCancelled(++total);
        }

        double least = Math.Max(MinCount, total * MinShareOfObjects);
        return [.. search.Candidates.OrderByDescending(c => c.Count).TakeWhile(c => c.Count >= least).Select(c => c.Definition)];
    }

    private sealed class Candidate(InterfaceDefinition definition)
    {
        public InterfaceDefinition Definition { get; } = definition;

        public int Count { get; set; }
    }

    private sealed class Search(HeapGraph graph)
    {
        private readonly Dictionary<string, Candidate> _byName = [];
        private readonly NameSequences<Candidate> _byProperties = new();
        private readonly int[] _formattedLengths = new int[graph.Strings.Count];
        private readonly List<int> _properties = [];

        public List<Candidate> Candidates { get; } = [];

        /// <summary>Counts one object for the interface of its first properties, as many as a name can take.</summary>
        public void Add(NodeIndex node)
        {
            _properties.Clear();
            int length = 1;
            ReadOnlySpan<EdgeType> types = graph.EdgeTypes;
            ReadOnlySpan<uint> names = graph.EdgeNames;
            for (int edge = graph.FirstEdges[(int)node], end = graph.FirstEdges[(int)node + 1]; edge < end; edge++)
            {
                if (types[edge] != EdgeType.Property) continue;
                int name = (int)names[edge];
                int formatted = FormattedLength(name);
                if (formatted < 0) continue;
                if (length > 1 && length + formatted > MaxNameLength) break;
                length += formatted + (length == 1 ? 0 : 2);
                _properties.Add(name);
            }

            if (_properties.Count == 0) return;
            Span<int> key = CollectionsMarshal.AsSpan(_properties);
            if (!_byProperties.TryGet(key, out Candidate? candidate))
            {
                candidate = Describe();
                _byProperties.Add(key, candidate);
            }

            candidate.Count++;
        }

        private Candidate Describe()
        {
            var properties = new List<string>(_properties.Count);
            var name = new StringBuilder("{");
            foreach (int property in _properties)
            {
                string text = graph.Strings.Decode(property);
                if (name.Length != 1) name.Append(", ");
                name.Append(PropertyNames.Format(text));
                properties.Add(text);
            }

            string full = name.Append('}').ToString();
            if (_byName.TryGetValue(full, out Candidate? candidate)) return candidate;
            candidate = new Candidate(new InterfaceDefinition(full, properties));
            _byName.Add(full, candidate);
            Candidates.Add(candidate);
            return candidate;
        }

        /// <summary>UTF-16 length of the name as shown in an interface, or -1 for <c>__proto__</c>.</summary>
        private int FormattedLength(int name)
        {
            // 0 stands for not asked yet, so everything is kept 2 higher.
            int known = _formattedLengths[name];
            if (known != 0) return known - 2;
            int length = graph.Strings.Utf8(name).SequenceEqual("__proto__"u8) ? -1 : PropertyNames.FormattedLength(graph.Strings, name);
            _formattedLengths[name] = length + 2;
            return length;
        }
    }
}

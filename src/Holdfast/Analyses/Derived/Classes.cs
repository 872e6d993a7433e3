using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// The class of every node, as DevTools groups them: objects by constructor (and where it stands), plain objects by
/// inferred interface, everything else by kind. 4 bytes a node.
/// Source: DevTools, calculateObjectNames, applyInterfaceDefinitions and classKeyInternal.
/// </summary>
public sealed class Classes : IDisposable
{
    private readonly Column<int> _numbers;

    private Classes(Column<int> numbers, ClassCatalog catalog, IReadOnlyList<InterfaceDefinition> interfaces)
    {
        _numbers = numbers;
        Catalog = catalog;
        Interfaces = interfaces;
    }

    public ClassCatalog Catalog { get; }

    /// <summary>The interfaces plain objects were classed by.</summary>
    public IReadOnlyList<InterfaceDefinition> Interfaces { get; }

    /// <summary>Class numbers of <see cref="Catalog"/>, one a node.</summary>
    public ReadOnlySpan<int> Span => _numbers.Span;

    public ClassKey this[NodeIndex node] => Catalog[_numbers[(int)node]];

    /// <param name="graph">The heap.</param>
    /// <param name="dom">Which nodes are detached DOM nodes and so named differently.</param>
    /// <param name="interfaces">Interfaces to class by, or null for this graph's own. Comparisons use the newer snapshot's.</param>
    /// <param name="catalog">Where classes get their numbers; one that other snapshots use makes them comparable.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static Classes Run(HeapGraph graph, DomState dom, IReadOnlyList<InterfaceDefinition>? interfaces, ClassCatalog catalog, Work work)
    {
        var objects = new PlainObjects(graph);
        interfaces ??= InterfaceDefinitions.Run(graph, objects, work);
        work.Report("naming classes");
        Column<int> numbers = Column<int>.Uninitialized(graph.NodeCount);
        var naming = new Naming(graph, dom, objects, new InterfaceMatcher(graph, interfaces), interfaces, catalog);
        naming.Run(numbers.Span, work);
        return new Classes(numbers, catalog, interfaces);
    }

    public void Dispose() => _numbers.Dispose();

    private sealed class Naming(
        HeapGraph graph,
        DomState dom,
        PlainObjects objects,
        InterfaceMatcher matcher,
        IReadOnlyList<InterfaceDefinition> interfaces,
        ClassCatalog catalog)
    {
        private readonly Dictionary<(Location, int), int> _located = [];

        /// <summary>Class number plus 1 by node name, for objects and natives; 0 not asked yet.</summary>
        private readonly int[] _byName = new int[graph.Strings.Count];

        /// <summary>Benchmark: DerivedBenchmarks.Classes.</summary>
        public void Run(Span<int> numbers, Work work)
        {
            int[] byType = [.. Enumerable.Range(0, graph.NodeTypeNames.Count).Select(TypeClass)];
            int[] byInterface = [.. interfaces.Select(i => catalog.Number(new ClassKey(i.Name, null)))];
            ReadOnlySpan<NodeType> types = graph.NodeTypes;
            ReadOnlySpan<int> names = graph.NodeNames;
            for (int node = 0; node < numbers.Length; node++)
            {
                work.ThrowIfCancelled(node);
                NodeType type = types[node];
                if (type is not (NodeType.Object or NodeType.Native))
                {
                    numbers[node] = byType[(int)type];
                    continue;
                }

                int number = dom.IsRenamed((NodeIndex)node) ? Renamed((NodeIndex)node) : ByName(names[node]);
                if (type == NodeType.Object)
                {
                    int match = objects.Contains((NodeIndex)node) ? matcher.Match((NodeIndex)node) : -1;
                    if (match >= 0) number = byInterface[match];
                    if (graph.Locations.TryGet((NodeIndex)node, out Location at)) number = Located(at, number);
                }

                numbers[node] = number;
            }
        }

        private int TypeClass(int type) => (NodeType)type switch
        {
            NodeType.Hidden => catalog.Number(new ClassKey("(system)", null)),
            NodeType.Code => catalog.Number(new ClassKey("(compiled code)", null)),
            NodeType.Closure => catalog.Number(new ClassKey("Function", null)),
            NodeType.RegExp => catalog.Number(new ClassKey("RegExp", null)),
            NodeType.Object or NodeType.Native => -1,
            _ => catalog.Number(new ClassKey($"({graph.NodeTypeNames[type]})", null)),
        };

        private int ByName(int name)
        {
            if (_byName[name] != 0) return _byName[name] - 1;
            int number = catalog.Number(new ClassKey(Shorten(graph.Strings.Decode(name)), null));
            _byName[name] = number + 1;
            return number;
        }

        private int Renamed(NodeIndex node) =>
            catalog.Number(new ClassKey(Shorten(DomState.RenamedPrefix + graph[node].Name), null));

        private int Located(Location at, int number)
        {
            if (_located.TryGetValue((at, number), out int located)) return located;
            located = catalog.Number(new ClassKey(catalog[number].Name, at));
            _located.Add((at, number), located);
            return located;
        }

        /// <summary>An element's name without its attributes: <c>&lt;div id="x"&gt;</c> is <c>&lt;div&gt;</c>.</summary>
        private static string Shorten(string name)
        {
            int from = name.StartsWith('<') ? 0 : name.StartsWith("Detached <", StringComparison.Ordinal) ? 10 : -1;
            int space = from < 0 ? -1 : name.IndexOf(' ', from);
            return space < 0 ? name : name[..space] + ">";
        }
    }
}

using System.Collections;
using System.Text;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>A step of a <see cref="HeldPath"/>: an edge and the node it leads to.</summary>
/// <param name="Edge">Index of the edge.</param>
/// <param name="EdgeLabel">Its label (<see cref="EdgeLabels"/>).</param>
/// <param name="Name">The label's words; <c>[]</c> for numbered ones, <c>*</c> for many names folded into one.</param>
/// <param name="Node">The node.</param>
/// <param name="Label">The label of the node in words.</param>
internal sealed record HeldStep(EdgeIndex Edge, int EdgeLabel, string Name, NodeIndex Node, string Label);

/// <summary>
/// The way from the root to one of the objects that accumulate, and where on it accumulation begins.
/// </summary>
internal sealed class HeldPath
{
    /// <summary>Steps right above and below where accumulation begins that recognisers see; ways have no other bound.</summary>
    private const int MostSteps = 100;

    /// <summary>Characters of a name that recognisers see.</summary>
    private const int MostCharacters = 100;

    private readonly HeapGraph _graph;
    private readonly List<int> _lineSteps = [];
    private string? _text;

    private HeldPath(HeapGraph graph, IReadOnlyList<HeldStep> steps, int[] numbers, int growsAt)
    {
        _graph = graph;
        Steps = steps;
        Numbers = numbers;
        GrowsAt = growsAt;
    }

    /// <summary>Steps from below the root to the object.</summary>
    public IReadOnlyList<HeldStep> Steps { get; }

    /// <summary>Numbers of the kinds of the steps: equal ones are the same step.</summary>
    public int[] Numbers { get; }

    /// <summary>The first step that leads to a node of the kind that accumulates here.</summary>
    public int GrowsAt { get; }

    /// <summary>
    /// The path as recognisers read it, one line a step, steps that repeat folded into one:
    /// <c>.name&gt;Label</c> for a property, <c>$name&gt;</c> for a variable, <c>#name&gt;</c> for an internal edge,
    /// <c>[]&gt;</c> for a numbered one, <c>~&gt;</c> for anything else; before it <c>+</c> from where accumulation begins, else a
    /// blank; <c>*</c> after it where it repeats. A last line has the names of the object's properties: <c>={a,b}</c>.
    /// </summary>
    public string Text => _text ??= Write();

    /// <summary>The step that a line of <see cref="Text"/> stands for, given by a place in the text.</summary>
    public int StepAt(int place) => _lineSteps[Text.AsSpan(0, place).Count('\n')];

    public EdgeType EdgeTypeOf(int step) => _graph.EdgeTypes[(int)Steps[step].Edge];

    /// <summary>The node a step starts at.</summary>
    public NodeIndex SourceOf(int step) => step == 0 ? _graph.Root : Steps[step - 1].Node;

    /// <param name="graph">The heap.</param>
    /// <param name="search">The ways.</param>
    /// <param name="merge">Names of their steps.</param>
    /// <param name="node">Where the path leads.</param>
    /// <param name="grows">Whether a node is of the kind that accumulates; where none is, the last one counts.</param>
    /// <param name="most">Most steps; of a longer way only the last are looked at.</param>
    public static HeldPath Build(HeapGraph graph, PathSearch search, PathMerge merge, NodeIndex node, Predicate<NodeIndex> grows, int most = int.MaxValue)
    {
        List<NodeIndex> nodes = search.PathTo(node, most);
        var numbers = new int[nodes.Count - 1];
        int growsAt = -1;
        for (int i = 1; i < nodes.Count; i++)
        {
            numbers[i - 1] = merge.StepNumber(nodes[i]);
            if (growsAt < 0 && grows(nodes[i])) growsAt = i - 1;
        }

        return new HeldPath(graph, new StepList(nodes, numbers, search, merge), numbers, growsAt >= 0 ? growsAt : Math.Max(0, numbers.Length - 1));
    }

    private string Write()
    {
        var text = new StringBuilder();
        ReadOnlySpan<int> numbers = Numbers;
        int first = Math.Max(0, GrowsAt - MostSteps), end = Math.Min(numbers.Length, GrowsAt + MostSteps);
        WriteLines(text, numbers[first..GrowsAt], first, ' ');
        WriteLines(text, numbers[GrowsAt..end], GrowsAt, '+');
        text.Append("={");
        _lineSteps.Add(Steps.Count - 1);
        if (Steps.Count > 0) text.AppendJoin(',', PropertiesOf(Steps[^1].Node));
        return text.Append('}').ToString();
    }

    private void WriteLines(StringBuilder text, ReadOnlySpan<int> numbers, int first, char mark)
    {
        foreach (StepFolding.Step folded in StepFolding.Fold(numbers))
        {
            int at = first + folded.Last;
            _lineSteps.Add(at);
            text.Append(mark).Append(EdgeText(at)).Append('>').Append(Clean(Steps[at].Label)).Append(folded.Repeat > 1 ? " *" : "").Append('\n');
        }
    }

    private string EdgeText(int step)
    {
        HeldStep at = Steps[step];
        if (!EdgeLabels.IsOwn(at.EdgeLabel)) return at.EdgeLabel == EdgeLabels.Any ? ".*" : ListKey(step) is { } key ? $"[{Clean(key)}]" : "[]";
        char sign = EdgeTypeOf(step) switch
        {
            EdgeType.Property => '.',
            EdgeType.Context or EdgeType.Hidden => '$',
            EdgeType.Internal => '#',
            _ => '~',
        };
        return sign + Clean(at.Name);
    }

    /// <summary>
    /// The key of an entry of a Map that has listeners by the names of events: the slot before the value's. Other keys are
    /// the program's data.
    /// </summary>
    private string? ListKey(int step)
    {
        if (step < 2 || Steps[step - 2].Name != "<symbol kEvents>" || Steps[step - 1].Name != "table") return null;
        return int.TryParse(_graph.EdgeName(Steps[step].Edge), out int slot) ? KeyBefore(Steps[step - 1].Node, slot) : null;
    }

    private string? KeyBefore(NodeIndex table, int slot)
    {
        foreach (Edge edge in _graph[table].Edges)
        {
            if (int.TryParse(edge.Name, out int at) && at == slot - 1 && _graph.NodeTypes[(int)edge.Target] == NodeType.String)
                return _graph[edge.Target].Name;
        }

        return null;
    }

    private HashSet<string> PropertiesOf(NodeIndex node)
    {
        const int Most = 200;
        var names = new HashSet<string>();
        if (_graph.NodeTypes[(int)node] != NodeType.Object) return names;
        foreach (Edge edge in _graph[node].Edges)
        {
            if (names.Count == Most) break;
            if (edge.Type == EdgeType.Property) names.Add(Clean(edge.Name));
        }

        return names;
    }

    /// <summary>Names may hold anything; what separates lines and their parts is replaced.</summary>
    private static string Clean(string name) =>
        (name.Length <= MostCharacters ? name : name[..MostCharacters] + "…").Replace('>', '›').Replace('\n', ' ').Replace('\r', ' ');

    /// <summary>Steps made when they are looked at: a path may have a million, of which a few are.</summary>
    private sealed class StepList(List<NodeIndex> nodes, int[] numbers, PathSearch search, PathMerge merge) : IReadOnlyList<HeldStep>
    {
        public int Count => numbers.Length;

        public HeldStep this[int index]
        {
            get
            {
                NodeIndex node = nodes[index + 1];
                int label = merge.StepLabel(numbers[index]);
                return new HeldStep(search.ParentEdge(node), label, merge.EdgeLabels.Text(label), node, merge.NodeLabels.Text(node));
            }
        }

        public IEnumerator<HeldStep> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

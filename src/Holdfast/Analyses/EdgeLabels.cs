using Holdfast.Analyses.Derived;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// What edges are called where many are shown as one: those with a number are all <see cref="Numbered"/>, a WeakMap's
/// entries have the name of their table, variables of a block's context get their names back. Labels are numbers;
/// <see cref="Text"/> has their words. 4 bytes a string.
/// </summary>
internal sealed class EdgeLabels
{
    /// <summary>Elements and whatever else is numbered: <c>[]</c>.</summary>
    public const int Numbered = 0;

    /// <summary>Many different names, folded: <c>*</c>.</summary>
    public const int Any = 1;

    private const int FirstOwn = 2;
    private const int NoString = -1;

    private readonly HeapGraph _graph;
    private readonly WeakMapEdges _weakMaps;
    private readonly ContextVariables _variables;

    /// <summary>Label plus 1 by string; 0 not asked yet.</summary>
    private readonly int[] _byName;
    private readonly List<int> _strings = [NoString, NoString];
    private readonly List<string?> _texts = ["[]", "*"];
    private readonly Dictionary<ulong, int> _byTable = [];

    public EdgeLabels(HeapGraph graph, WeakMapEdges weakMaps)
    {
        _graph = graph;
        _weakMaps = weakMaps;
        _variables = new ContextVariables(graph);
        _byName = new int[graph.Strings.Count];
    }

    public int Count => _texts.Count;

    /// <summary>Whether a label stands for a name of its own.</summary>
    public static bool IsOwn(int label) => label >= FirstOwn;

    /// <summary>The label of an edge that starts at a node.</summary>
    public int Of(NodeIndex source, int edge)
    {
        uint name = _graph.EdgeNames[edge];
        EdgeType type = _graph.EdgeTypes[edge];
        if (HeapGraph.IsNumbered(type))
        {
            int variable = type == EdgeType.Hidden ? _variables.NameOf(source, edge) : -1;
            return variable < 0 ? Numbered : Named((uint)variable);
        }

        return name >= (uint)_byName.Length ? Numbered : Named(name);
    }

    /// <summary>The words of a label: a name, <c>[]</c> or <c>*</c>.</summary>
    public string Text(int label) => _texts[label] ??= _graph.Strings.Decode(_strings[label]);

    private int Named(uint name)
    {
        int known = _byName[name];
        if (known != 0) return known - 1;
        int label = Label(name);
        _byName[name] = label + 1;
        return label;
    }

    private int Label(uint name)
    {
        ReadOnlySpan<byte> text = _graph.Strings.Utf8((int)name);
        if (text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0) return Numbered;
        if (!_weakMaps.IsPair(name)) return Add((int)name, null);
        ulong table = _weakMaps[name].TableId;
        if (!_byTable.TryGetValue(table, out int label)) _byTable.Add(table, label = Add(NoString, $"value in WeakMap (table @{table})"));
        return label;
    }

    private int Add(int stringIndex, string? text)
    {
        _strings.Add(stringIndex);
        _texts.Add(text);
        return _texts.Count - 1;
    }
}

using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// The nodes a program makes by running, as opposed to those V8 makes by compiling and optimising it: code, shapes,
/// scripts and what describes them come with lazy compilation in any process that warms up.
/// </summary>
internal readonly struct ProgramNodes
{
    /// <summary>V8's own objects that stand for something the program did.</summary>
    private static readonly HashSet<string> Acts =
    [
        "system / PromiseReaction", "system / WeakCell", "system / AsyncGeneratorRequest", "system / JSProxy", "system / NativeContext",
    ];

    private readonly HeapGraph _graph;
    private readonly bool[] _isAct;

    public ProgramNodes(HeapGraph graph)
    {
        _graph = graph;
        _isAct = new bool[graph.Strings.Count];
        for (int i = 0; i < _isAct.Length; i++)
            _isAct[i] = graph.Strings.Utf8(i).StartsWith("system / "u8) && Acts.Contains(graph.Strings.Decode(i));
    }

    /// <summary>Whether the node is the program's, or a part of what is.</summary>
    public bool Contains(NodeIndex node) => _graph.NodeTypes[(int)node] is not (NodeType.Code or NodeType.ObjectShape or NodeType.Synthetic);

    /// <summary>Whether many nodes of this kind can be what leaks, and not only a part of it.</summary>
    public bool CanAccumulate(NodeIndex node) =>
        Contains(node) && (_graph.NodeTypes[(int)node] != NodeType.Hidden || _isAct[_graph.NodeNames[(int)node]]);
}

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

    /// <summary>V8's descriptions of objects, which before Node 20 have no node type of their own.</summary>
    private static readonly HashSet<string> Shapes =
    [
        "system / Map", "system / DescriptorArray", "system / PrototypeInfo", "system / EnumCache", "system / TransitionArray", "system / Cell",
        "system / FunctionTemplateInfo", "system / ObjectTemplateInfo", "system / FunctionTemplateRareData", "system / AccessorInfo",
    ];

    private readonly HeapGraph _graph;
    private readonly bool[] _isAct;
    private readonly bool[] _isShape;

    public ProgramNodes(HeapGraph graph)
    {
        _graph = graph;
        _isAct = new bool[graph.Strings.Count];
        _isShape = new bool[graph.Strings.Count];
        for (int i = 0; i < _isAct.Length; i++)
        {
            if (!graph.Strings.Utf8(i).StartsWith("system / "u8) || graph.Strings.Utf8Length(i) > 64) continue;
            string name = graph.Strings.Decode(i);
            _isAct[i] = Acts.Contains(name);
            _isShape[i] = Shapes.Contains(name);
        }
    }

    /// <summary>Whether the node is the program's, or a part of what is.</summary>
    public bool Contains(NodeIndex node) => !IsCompilers(node) && _graph.NodeTypes[(int)node] != NodeType.Synthetic;

    /// <summary>Whether the node is code or describes objects. What only it leads to, such as names of properties, is so too.</summary>
    public bool IsCompilers(NodeIndex node) => _graph.NodeTypes[(int)node] switch
    {
        NodeType.Code or NodeType.ObjectShape => true,
        NodeType.Hidden => _isShape[_graph.NodeNames[(int)node]],
        _ => false,
    };

    /// <summary>Whether many nodes of this kind can be what leaks, and not only a part of it.</summary>
    public bool CanAccumulate(NodeIndex node) =>
        Contains(node) && (_graph.NodeTypes[(int)node] != NodeType.Hidden || _isAct[_graph.NodeNames[(int)node]]);
}

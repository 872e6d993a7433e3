using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// The nodes a program makes by running, as opposed to those V8 makes by compiling and optimising it: code, shapes,
/// scripts and what describes them come with lazy compilation in any process that warms up.
/// </summary>
internal readonly struct ProgramNodes
{
    private static readonly string[] CompilerNames =
    [
        "system / Map",
    ];

    private readonly HeapGraph _graph;
    private readonly bool[] _isCompilers;

    public ProgramNodes(HeapGraph graph)
    {
        _graph = graph;
        _isCompilers = new bool[graph.Strings.Count];
        var names = new HashSet<string>(CompilerNames);
        for (int i = 0; i < _isCompilers.Length; i++)
        {
            if (graph.Strings.Utf8Length(i) < 64 && graph.Strings.Utf8(i) is [(byte)'s' or (byte)'(', ..]) _isCompilers[i] = names.Contains(graph.Strings.Decode(i));
        }
    }

    public bool Contains(NodeIndex node) => _graph.NodeTypes[(int)node] switch
    {
        NodeType.Code or NodeType.ObjectShape or NodeType.Synthetic => false,
        NodeType.Hidden or NodeType.Array => !_isCompilers[_graph.NodeNames[(int)node]],
        _ => true,
    };
}

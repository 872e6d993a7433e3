using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// Nodes that V8 keeps for its own speed and that say nothing about why a program's object is alive: feedback cells
/// and vectors, inline cache handlers, allocation sites, boilerplates of literals, code caches, transitions of shapes.
/// What only they hold is freed when V8 drops them. Names: V8's object types as heap snapshots of Node 18 to 26 write them.
/// </summary>
public sealed class V8Noise : IDisposable
{
    private static readonly string[] Names =
    [
        "system / FeedbackCell", "system / FeedbackVector", "system / FeedbackMetadata", "system / ClosureFeedbackCellArray",
        "(feedback cell)", "(feedback vector)", "(feedback metadata)",
        "system / AllocationSite", "system / AllocationMemento", "(allocation site)",
        "system / LoadHandler", "system / StoreHandler", "system / PrototypeInfo",
        "system / ArrayBoilerplateDescription", "system / ObjectBoilerplateDescription", "system / RegExpBoilerplateDescription",
        "system / ClassBoilerplate", "system / TransitionArray", "(transition array)", "(prototype transitions)",
        "system / EnumCache", "(enum cache)", "system / CodeCache", "(code cache)", "system / CompilationCacheTable",
        "(compilation cache table)", "(Compilation cache)", "(code deopt data)", "system / DeoptimizationData",
        "system / DeoptimizationLiteralArray",

        // V8's table of strings, which are freed when nothing else holds them.
        "(Internalized strings)",

        // Node's own list of what to clean up when it exits: to 22 it also has what is only weakly held.
        "Node / CleanupQueue", "Node / BaseObjectList",
    ];

    private readonly BitColumn _nodes;

    private V8Noise(BitColumn nodes) => _nodes = nodes;

    /// <summary>One bit a node.</summary>
    public ReadOnlySpan<ulong> Words => _nodes.Words;

    public bool Contains(NodeIndex node) => _nodes[(int)node];

    public static V8Noise Run(HeapGraph graph, Work work)
    {
        var wanted = new HashSet<string>(Names);
        var isNoise = new bool[graph.Strings.Count];
        for (int i = 0; i < isNoise.Length; i++)
        {
            work.ThrowIfCancelled(i);
            ReadOnlySpan<byte> name = graph.Strings.Utf8(i);
            if (name.StartsWith("system / "u8) || name.StartsWith("Node / "u8) || name is [(byte)'(', .., (byte)')']) isNoise[i] = name.Length < 64 && wanted.Contains(graph.Strings.Decode(i));
        }

        var nodes = new BitColumn(graph.NodeCount);
        ReadOnlySpan<int> names = graph.NodeNames;
        ReadOnlySpan<NodeType> types = graph.NodeTypes;
        for (int node = 0; node < names.Length; node++)
        {
            if (isNoise[names[node]] && CanBeNoise(types[node])) nodes[node] = true;
        }

        return new V8Noise(nodes);
    }

    public void Dispose() => _nodes.Dispose();

    /// <summary>A string may read like anything.</summary>
    private static bool CanBeNoise(NodeType type) =>
        type is NodeType.Hidden or NodeType.Code or NodeType.Array or NodeType.ObjectShape or NodeType.Synthetic or NodeType.Native;
}

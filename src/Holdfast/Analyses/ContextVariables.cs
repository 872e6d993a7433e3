using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// Names of variables in the contexts of blocks. V8 names the variables of a function's context (edges of type context),
/// but gives those of a block's, such as the body of a loop, as hidden edges by number. Their names stand, in the same
/// order, in the block's ScopeInfo. Variables that hold small integers have no edge, so a name is only given where the
/// context has as many hidden edges as its ScopeInfo has names.
/// Source: V8, V8HeapExplorer::ExtractContextReferences and IndexedReferencesExtractor.
/// </summary>
internal sealed class ContextVariables(HeapGraph graph)
{
    /// <summary>Longer lists of names are kept in a table (V8: kScopeInfoMaxInlinedLocalNamesSize).</summary>
    private const int MaxNames = 75;

    private readonly int _contextName = graph.Strings.Find("system / Context"u8);
    private readonly int _scopeInfoEdge = graph.Strings.Find("scope_info"u8);

    /// <summary>String index of the variable's name behind a hidden edge, or -1.</summary>
    public int NameOf(NodeIndex source, int edge)
    {
        if (graph.NodeNames[(int)source] != _contextName || graph.NodeTypes[(int)source] != NodeType.Object) return -1;
        uint number = graph.EdgeNames[edge];
        int hidden = 0;
        var scope = NodeIndex.None;
        for (int i = graph.FirstEdges[(int)source], end = graph.FirstEdges[(int)source + 1]; i < end; i++)
        {
            EdgeType type = graph.EdgeTypes[i];
            if (type == EdgeType.Hidden && ++hidden > MaxNames) return -1;
            if (type == EdgeType.Internal && graph.EdgeNames[i] == _scopeInfoEdge) scope = graph.EdgeTargets[i];
        }

        return scope == NodeIndex.None || number >= hidden ? -1 : NameInScope(scope, hidden, number);
    }

    private int NameInScope(NodeIndex scope, int expected, uint number)
    {
        int names = 0, found = -1;
        for (int i = graph.FirstEdges[(int)scope], end = graph.FirstEdges[(int)scope + 1]; i < end; i++)
        {
            if (graph.EdgeTypes[i] != EdgeType.Hidden) continue;
            int target = (int)graph.EdgeTargets[i];
            if (graph.NodeTypes[target] != NodeType.String) break;
            if (names++ == number) found = graph.NodeNames[target];
        }

        return names == expected ? found : -1;
    }
}

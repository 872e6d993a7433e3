using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>A place in a script. Line and column count from 0, as in the graph; the file is null where no name is known.</summary>
public sealed record SourceLocation(Location At, string? File);

/// <summary>
/// Where functions, and the constructors of objects, stand in the program's files. The graph's locations name scripts by
/// number only; a script's name is reached from any of its functions: function, <c>shared</c>, <c>script</c> (before V8 12
/// <c>script_or_debug_info</c>), <c>name</c>.
/// </summary>
public sealed class SourceLocations
{
    private readonly HeapGraph _graph;
    private readonly Work _work;
    private Dictionary<uint, string>? _files;

    public SourceLocations(HeapGraph graph, Work work)
    {
        _graph = graph;
        _work = work;
    }

    /// <summary>The location of a node, or null where the snapshot has none.</summary>
    public SourceLocation? Find(NodeIndex node) =>
        _graph.Locations.TryGet(node, out Location at) ? new SourceLocation(at, FileOf(at.ScriptId)) : null;

    private string? FileOf(uint script)
    {
        _files ??= NameScripts();
        return _files.GetValueOrDefault(script);
    }

    private Dictionary<uint, string> NameScripts()
    {
        var files = new Dictionary<uint, string>();
        var seen = new HashSet<NodeIndex>();
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            _work.ThrowIfCancelled(node);
            if (_graph.NodeTypes[node] != NodeType.Closure || !_graph.Locations.TryGet((NodeIndex)node, out Location at)) continue;
            if (files.ContainsKey(at.ScriptId)) continue;
            if (ScriptOf((NodeIndex)node) is { } script && seen.Add(script) && NameOf(script) is { Length: > 0 } name) files.Add(at.ScriptId, name);
        }

        return files;
    }

    private NodeIndex? ScriptOf(NodeIndex function)
    {
        if (Follow(function, "shared"u8) is not { } shared) return null;
        if (Follow(shared, "script"u8) is { } script) return script;

        // Of a function that is being debugged this is its DebugInfo, which knows the script.
        return Follow(shared, "script_or_debug_info"u8) is not { } either ? null : Follow(either, "script"u8) ?? either;
    }

    private string? NameOf(NodeIndex script) =>
        Follow(script, "name"u8) is { } name && _graph.NodeTypes[(int)name] == NodeType.String ? _graph[name].Name : null;

    private NodeIndex? Follow(NodeIndex node, ReadOnlySpan<byte> edgeName)
    {
        foreach (Edge edge in _graph[node].Edges)
        {
            if (edge.Type == EdgeType.Internal && _graph.EdgeNameIs(edge.Index, edgeName)) return edge.Target;
        }

        return null;
    }
}

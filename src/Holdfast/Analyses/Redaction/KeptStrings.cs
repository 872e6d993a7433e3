using Holdfast.Analyses.Leaks;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Redaction;

/// <summary>
/// The few strings whose text says nothing of a program's data and is needed for answers: names of scripts, names of variables
/// that nothing but code refers to, the version of Node, and what V8 notes of objects as numbers (lengths of strings). But for the
/// last it is a text that stays, wherever it is, so that equal strings stay equal.
/// </summary>
internal sealed class KeptStrings : IDisposable
{
    private readonly HeapGraph _graph;
    private readonly DistinctStrings _distinct;
    private readonly Work _work;
    private readonly BitColumn _nodes;
    private readonly BitColumn _hashes;
    private readonly HashSet<int> _texts = [];

    public KeptStrings(HeapGraph graph, DistinctStrings distinct, Work work)
    {
        _graph = graph;
        _distinct = distinct;
        _work = work;
        _nodes = new BitColumn(graph.NodeCount);
        _hashes = new BitColumn(graph.NodeCount);
        KeepVariableNames();
        KeepScriptNames();
        KeepNotes();
        KeepVersion();
    }

    public bool Contains(int node) => _nodes[node] || (_graph.NodeTypes[node] == NodeType.String && _texts.Contains(_distinct[_graph.NodeNames[node]]));

    /// <summary>Whether a text is the hash of another: it could be guessed from it.</summary>
    public bool IsHash(int node) => _hashes[node];

    public void Dispose()
    {
        _nodes.Dispose();
        _hashes.Dispose();
    }

    private bool IsInternal(int edge, int name) =>
        _graph.EdgeTypes[edge] == EdgeType.Internal && name >= 0 && _distinct[_graph.EdgeNames[edge]] == name;

    private bool IsString(NodeIndex node) => _graph.NodeTypes[(int)node] == NodeType.String;

    private bool IsNamed(int node, int name) => name >= 0 && _distinct[_graph.NodeNames[node]] == name;

    /// <summary>
    /// The contexts of blocks have their variables' names only as strings (<see cref="ContextVariables"/>). A value can have the same
    /// text, and be the same node, so it is kept only where nothing but code and shapes of objects leads to it.
    /// </summary>
    private void KeepVariableNames()
    {
        int scope = _distinct.Find("system / ScopeInfo"u8), descriptors = _distinct.Find("system / DescriptorArray"u8), ownName = _distinct.Find("name"u8);
        if (scope < 0) return;
        using var data = new BitColumn(_graph.Strings.Count);
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            _work.ThrowIfCancelled(node);
            NodeType type = _graph.NodeTypes[node];
            bool isScope = IsNamed(node, scope), isCode = isScope || type is NodeType.Code or NodeType.Synthetic || IsNamed(node, descriptors);
            for (int edge = _graph.FirstEdges[node]; edge < _graph.FirstEdges[node + 1]; edge++)
            {
                NodeIndex target = _graph.EdgeTargets[edge];
                if (!IsString(target)) continue;
                int text = _distinct[_graph.NodeNames[(int)target]];
                if (isScope) _texts.Add(text);
                else if (!isCode && !IsOwnName(type, edge, ownName)) data[text] = true;
            }
        }

        _texts.RemoveWhere(text => data[text]);
    }

    /// <summary>Whether an edge leads from a function to its name.</summary>
    private bool IsOwnName(NodeType type, int edge, int name) =>
        type == NodeType.Closure && _graph.EdgeTypes[edge] == EdgeType.Property && _distinct[_graph.EdgeNames[edge]] == name;

    private void KeepScriptNames()
    {
        int script = _distinct.Find("script"u8), scriptOrDebugInfo = _distinct.Find("script_or_debug_info"u8), name = _distinct.Find("name"u8);
        using var scripts = new BitColumn(_graph.NodeCount);
        for (int edge = 0; edge < _graph.EdgeCount; edge++)
        {
            _work.ThrowIfCancelled(edge);
            int target = (int)_graph.EdgeTargets[edge];
            if ((IsInternal(edge, script) || IsInternal(edge, scriptOrDebugInfo)) && _graph.NodeTypes[target] == NodeType.Code) scripts[target] = true;
        }

        for (int node = 0; node < _graph.NodeCount; node++)
        {
            for (int edge = _graph.FirstEdges[node]; scripts[node] && edge < _graph.FirstEdges[node + 1]; edge++)
            {
                NodeIndex target = _graph.EdgeTargets[edge];
                if (IsInternal(edge, name) && IsString(target)) _texts.Add(_distinct[_graph.NodeNames[(int)target]]);
            }
        }
    }

    /// <summary>
    /// V8 writes some of what it knows of an object as nodes <c>int</c> and <c>bool</c> with a string below <c>value</c>. Those are
    /// no numbers of the program; but the hash of a string that was cut would tell which of some guessed texts it is.
    /// </summary>
    private void KeepNotes()
    {
        int integer = _distinct.Find("int"u8), boolean = _distinct.Find("bool"u8), value = _distinct.Find("value"u8), hash = _distinct.Find("hash"u8);
        if (integer < 0 && boolean < 0) return;
        using var hashes = new BitColumn(_graph.NodeCount);
        for (int edge = 0; edge < _graph.EdgeCount; edge++)
        {
            if (IsInternal(edge, hash)) hashes[(int)_graph.EdgeTargets[edge]] = true;
        }

        for (int node = 0; node < _graph.NodeCount; node++)
        {
            if (_graph.NodeTypes[node] != NodeType.Number || !(IsNamed(node, integer) || IsNamed(node, boolean))) continue;
            for (int edge = _graph.FirstEdges[node]; edge < _graph.FirstEdges[node + 1]; edge++)
            {
                NodeIndex target = _graph.EdgeTargets[edge];
                if (IsInternal(edge, value) && IsString(target)) (hashes[node] ? _hashes : _nodes)[(int)target] = true;
            }
        }

        for (int i = 0; i < _nodes.Words.Length; i++) _nodes.Words[i] &= ~_hashes.Words[i];
    }

    private void KeepVersion()
    {
        if (NodeVersion.FindNode(_graph) is { } node && System.Version.TryParse(_graph[node].Name.AsSpan(1), out _)) _texts.Add(_distinct[_graph.NodeNames[(int)node]]);
    }
}

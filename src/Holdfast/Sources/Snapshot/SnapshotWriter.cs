using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Writes a graph as a <c>.heapsnapshot</c> that Chrome DevTools opens, section after section in V8's order, with the
/// fields that Node 24 writes. What is written reads back as the same graph, but that objects get ids of V8's size where they had addresses. Memory is bounded by one small buffer,
/// whatever the size of the graph. Source: V8, HeapSnapshotJSONSerializer.
/// </summary>
public sealed class SnapshotWriter
{
    private readonly HeapGraph _graph;
    private readonly JsonOutput _json;
    private readonly Work _work;

    /// <summary>Whether a node's row says which allocation made it.</summary>
    private readonly bool _hasTraceNodes;
    private readonly ulong _nodeFields;
    private readonly NarrowIds? _narrow;

    private SnapshotWriter(HeapGraph graph, JsonOutput json, Work work)
    {
        _graph = graph;
        _json = json;
        _work = work;
        if (graph.Origin is not null) _narrow = new NarrowIds(graph, work);
        _hasTraceNodes = !graph.TraceNodes.IsEmpty || graph.Allocations.Nodes.Count > 0;
        _nodeFields = _hasTraceNodes ? 7UL : 6UL;
    }

    /// <summary>Writes the graph to a stream, which stays open.</summary>
    /// <exception cref="IOException">The stream does not take what is written.</exception>
    public static void Write(HeapGraph graph, Stream output, Work work)
    {
        var json = new JsonOutput(output);
        new SnapshotWriter(graph, json, work).WriteSections();
        json.Flush();
    }

    /// <summary>
    /// Writes the graph to a file, readable by its owner only, since it holds the program's strings. The file takes its
    /// name once it is whole: an older file of that name stays until then, and a failure leaves nothing behind. It is
    /// compressed if its name ends in .zst, .gz or .br.
    /// </summary>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void Write(HeapGraph graph, string path, Work work) =>
        AtomicFile.Write(path, file => Compression.Write(file, path, packing => Write(graph, packing, work)), ownerOnly: true);

    private void WriteSections()
    {
        WriteHeader();
        WriteNodes();
        WriteEdges();
        WriteTraceFunctions();
        WriteTraceTree();
        WriteSamples();
        WriteLocations();
        WriteStrings();
        _json.Write("}\n"u8);
    }

    private void WriteHeader()
    {
        _json.Write("{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\""u8);
        if (_hasTraceNodes) _json.Write(",\"trace_node_id\""u8);
        _json.Write(",\"detachedness\"],\"node_types\":["u8);
        WriteNames(_graph.NodeTypeNames);
        _json.Write(",\"string\",\"number\",\"number\",\"number\""u8);
        if (_hasTraceNodes) _json.Write(",\"number\""u8);
        _json.Write(",\"number\"],\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":["u8);
        WriteNames(_graph.EdgeTypeNames);
        _json.Write(""","string_or_number","node"],"""u8);
        _json.Write("""
            "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
            "trace_node_fields":["id","function_info_index","count","size","children"],
            "sample_fields":["timestamp_us","last_assigned_id"],
            "location_fields":["object_index","script_id","line","column"]},
            """u8);
        _json.Write("\"node_count\":"u8);
        _json.Write((ulong)_graph.NodeCount);
        _json.Write(",\"edge_count\":"u8);
        _json.Write((ulong)_graph.EdgeCount);
        _json.Write(",\"trace_function_count\":"u8);
        _json.Write((ulong)_graph.Allocations.Functions.Count);
        _json.Write(",\"extra_native_bytes\":"u8);
        _json.Write((ulong)_graph.ExtraNativeBytes);
        if (_graph.Root != 0)
        {
            // V8's root is always the first node; DevTools reads this where it is not.
            _json.Write(",\"root_index\":"u8);
            _json.Write((ulong)_graph.Root * _nodeFields);
        }

        _json.Write("},\n"u8);
    }

    private void WriteNames(IReadOnlyList<string> names)
    {
        _json.Write((byte)'[');
        for (int i = 0; i < names.Count; i++)
        {
            if (i > 0) _json.Write((byte)',');
            _json.WriteString(System.Text.Encoding.UTF8.GetBytes(names[i]));
        }

        _json.Write((byte)']');
    }

    private void WriteNodes()
    {
        ReadOnlySpan<NodeType> types = _graph.NodeTypes;
        ReadOnlySpan<int> names = _graph.NodeNames;
        ReadOnlySpan<int> firstEdges = _graph.FirstEdges;
        ReadOnlySpan<uint> traceNodes = _graph.TraceNodes;
        ReadOnlySpan<byte> detachedness = _graph.Detachedness;
        WideColumn ids = _graph.Ids, sizes = _graph.SelfSizes;
        _json.Write("\"nodes\":["u8);
        for (int node = 0; node < types.Length; node++)
        {
            ReportAndCheck("writing nodes", node, types.Length);
            if (node > 0) _json.Write((byte)',');
            _json.WriteThenComma((ulong)types[node]);
            _json.WriteThenComma((ulong)names[node]);
            _json.WriteThenComma(_narrow is null ? ids[node] : _narrow.Of(node));
            _json.WriteThenComma(sizes[node]);
            _json.WriteThenComma((ulong)(firstEdges[node + 1] - firstEdges[node]));
            if (_hasTraceNodes) _json.WriteThenComma(traceNodes.IsEmpty ? 0 : traceNodes[node]);
            _json.Write(detachedness.IsEmpty ? 0UL : detachedness[node]);
        }

        _json.Write("],\n"u8);
    }

    private void WriteEdges()
    {
        ReadOnlySpan<EdgeType> types = _graph.EdgeTypes;
        ReadOnlySpan<uint> names = _graph.EdgeNames;
        ReadOnlySpan<NodeIndex> targets = _graph.EdgeTargets;
        _json.Write("\"edges\":["u8);
        for (int edge = 0; edge < types.Length; edge++)
        {
            ReportAndCheck("writing edges", edge, types.Length);
            if (edge > 0) _json.Write((byte)',');
            _json.WriteThenComma((ulong)types[edge]);
            _json.WriteThenComma(names[edge]);
            _json.Write((ulong)targets[edge] * _nodeFields);
        }

        _json.Write("],\n"u8);
    }

    private void WriteTraceFunctions()
    {
        IReadOnlyList<TraceFunction> functions = _graph.Allocations.Functions;
        _json.Write("\"trace_function_infos\":["u8);
        for (int i = 0; i < functions.Count; i++)
        {
            TraceFunction function = functions[i];
            if (i > 0) _json.Write((byte)',');
            _json.WriteThenComma(function.FunctionId);
            _json.WriteThenComma((ulong)function.Name);
            _json.WriteThenComma((ulong)function.ScriptName);
            _json.WriteThenComma(function.ScriptId);
            _json.WriteThenComma(function.Line);
            _json.Write(function.Column);
        }

        _json.Write("],\n"u8);
    }

    /// <summary>Each row's last field is the array of its children's rows; a tree of any depth is written without recursion.</summary>
    private void WriteTraceTree()
    {
        IReadOnlyList<TraceNode> nodes = _graph.Allocations.Nodes;
        (int[] first, int[] children) = GroupByParent(nodes);
        _json.Write("\"trace_tree\":["u8);
        var open = new Stack<(int Next, int End)>();
        (int next, int end) = (0, first[0]);
        bool isFirst = true;
        while (true)
        {
            if (next == end)
            {
                _json.Write((byte)']');
                if (!open.TryPop(out (int Next, int End) above)) break;
                (next, end) = above;
                isFirst = false;
                continue;
            }

            if (!isFirst) _json.Write((byte)',');
            isFirst = true;
            int index = children[next];
            TraceNode node = nodes[index];
            _json.WriteThenComma(node.Id);
            _json.WriteThenComma((ulong)node.Function);
            _json.WriteThenComma(node.Count);
            _json.WriteThenComma(node.Size);
            _json.Write((byte)'[');
            open.Push((next + 1, end));
            (next, end) = (first[index], first[index + 1]);
            _work.ThrowIfCancelled(open.Count);
        }

        _json.Write(",\n"u8);
    }

    /// <summary>
    /// Indexes of the nodes, roots first and then by parent, brothers in the order of the list; where the children of
    /// each node begin. The roots take up all that is before the children of node 0.
    /// </summary>
    private static (int[] First, int[] Children) GroupByParent(IReadOnlyList<TraceNode> nodes)
    {
        var next = new int[nodes.Count + 2];
        for (int i = 0; i < nodes.Count; i++) next[nodes[i].Parent + 2]++;
        for (int i = 1; i < next.Length; i++) next[i] += next[i - 1];
        var children = new int[nodes.Count];
        for (int i = 0; i < nodes.Count; i++) children[next[nodes[i].Parent + 1]++] = i;

        // Filling has moved every place on to the next one's first.
        return (next[..^1], children);
    }

    private void WriteSamples()
    {
        IReadOnlyList<TimelineSample> samples = _graph.Allocations.Samples;
        _json.Write("\"samples\":["u8);
        for (int i = 0; i < samples.Count; i++)
        {
            if (i > 0) _json.Write((byte)',');
            _json.WriteThenComma(samples[i].TimestampMicroseconds);
            _json.Write(samples[i].LastAssignedId);
        }

        _json.Write("],\n"u8);
    }

    private void WriteLocations()
    {
        _json.Write("\"locations\":["u8);
        bool isFirst = true;
        for (int node = 0; node < _graph.NodeCount && _graph.Locations.Count > 0; node++)
        {
            _work.ThrowIfCancelled(node);
            if (!_graph.Locations.TryGet((NodeIndex)node, out Location location)) continue;
            if (!isFirst) _json.Write((byte)',');
            isFirst = false;
            _json.WriteThenComma((ulong)node * _nodeFields);
            _json.WriteThenComma(location.ScriptId);
            _json.WriteThenComma(location.Line);
            _json.Write(location.Column);
        }

        _json.Write("],\n"u8);
    }

    private void WriteStrings()
    {
        StringTable strings = _graph.Strings;
        _json.Write("\"strings\":["u8);
        for (int i = 0; i < strings.Count; i++)
        {
            ReportAndCheck("writing strings", i, strings.Count);
            if (i > 0) _json.Write(",\n"u8);
            _json.WriteString(_narrow is null ? strings.Utf8(i) : _narrow.Text(i));
        }

        _json.Write((byte)']');
    }

    private void ReportAndCheck(string stage, int item, int count)
    {
        if ((item & 0xFFFF) != 0) return;
        _work.ThrowIfCancelled();
        _work.Report(stage, (double)item / count);
    }
}

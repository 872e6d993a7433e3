using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Reads <c>.heapsnapshot</c> and <c>.heaptimeline</c> files of V8 (Node 18 to 26, Chrome): one JSON object whose
/// sections may come in any order. See docs/formats/heapsnapshot.md.
/// </summary>
public sealed class SnapshotReader
{
    private const string MissingString = "???";

    private readonly JsonCursor _cursor;
    private readonly Work _work;
    private readonly HeapGraphBuilder _builder;

    /// <summary>Sections that came before the header that says how to read them, as text.</summary>
    private readonly List<(string Name, MemoryStream Text)> _waiting = [];
    private readonly HashSet<string> _met = [];

    private SnapshotHeader? _header;
    private TableRows? _traceFunctions;
    private TableRows? _samples;
    private List<TraceNode> _traceNodes = [];
    private bool _hasNodes;
    private bool _hasEdges;
    private bool _stringsCut;

    private SnapshotReader(JsonCursor cursor, HeapGraphBuilder builder, Work work)
    {
        _cursor = cursor;
        _builder = builder;
        _work = work;
    }

    /// <param name="text">The decompressed file.</param>
    /// <param name="inputName">What to call it in messages.</param>
    /// <param name="length">Length of the text in bytes, or -1 where it is not known.</param>
    /// <param name="work">Progress, warnings and cancellation.</param>
    /// <exception cref="InputException">The text is no snapshot, or damaged.</exception>
    public static HeapGraph Read(Stream text, string inputName, long length, Work work)
    {
        using var builder = new HeapGraphBuilder();
        var reader = new SnapshotReader(new JsonCursor(text, inputName, length, work), builder, work);
        reader.ReadSections();
        return reader.Finish();
    }

    private void ReadSections()
    {
        int first = _cursor.PeekToken();
        if (first < 0) throw new InputException($"{_cursor.InputName}: the file is empty, expected a V8 heap snapshot. Take the snapshot again.");
        _cursor.Expect('{', "to begin a heap snapshot");
        if (!_cursor.Take('}'))
        {
            do
            {
                string name = StringSection.ReadKey(_cursor);
                if (!_met.Add(name))
                    throw new InputException($"{_cursor.InputName}: at byte {_cursor.Offset}: a second section \"{name}\", expected one. The file is damaged.");
                _cursor.Expect(':', $"after \"{name}\"");
                if (!ReadSection(name, _cursor)) return;
            }
            while (_cursor.Take(','));

            _cursor.Expect('}', "or ',' after a section");
        }
    }

    /// <returns>False where the text ended inside the strings, which is as far as it can be read.</returns>
    private bool ReadSection(string name, JsonCursor cursor)
    {
        switch (name)
        {
            case "snapshot":
                ReadHeader(cursor);
                break;
            case "nodes" or "edges" or "locations" or "samples" or "trace_function_infos" or "trace_tree" when _header is null:
                Postpone(name, cursor);
                break;
            case "nodes":
                ReadNodes(cursor, _header);
                break;
            case "edges":
                cursor.Expect('[', "to begin \"edges\"");
                WarnOfCount(cursor, name, _header.EdgeCount, NumberSection.Read(cursor, name, new EdgeRows(_header, _builder), _work));
                _hasEdges = true;
                break;
            case "locations" when _header.LocationFields.Count > 0:
                cursor.Expect('[', "to begin \"locations\"");
                NumberSection.Read(cursor, name, new LocationRows(_header, _builder), _work);
                break;
            case "samples" when _header.SampleFields.Count > 0:
                _samples = ReadTable(cursor, name, _header.SampleFields.Count);
                break;
            case "trace_function_infos" when _header.TraceFunctionFields.Count > 0:
                _traceFunctions = ReadTable(cursor, name, _header.TraceFunctionFields.Count);
                break;
            case "trace_tree" when _header.TraceNodeFields.Count > 0:
                cursor.Expect('[', "to begin \"trace_tree\"");
                _traceNodes = TraceTreeSection.Read(cursor, _header, _work);
                break;
            case "strings":
                cursor.Expect('[', "to begin \"strings\"");
                _work.Report("reading strings");
                _stringsCut = !StringSection.Read(cursor, _builder.Strings, _work);
                return !_stringsCut;
            default:
                JsonSkipper.Skip(cursor, _work);
                break;
        }

        return true;
    }

    private void ReadHeader(JsonCursor cursor)
    {
        if (cursor.PeekToken() != '{') throw cursor.Unexpected(cursor.PeekToken(), "'{' to begin \"snapshot\"");
        _header = SnapshotHeader.Parse(JsonSkipper.Take(cursor, Limits.MaxHeaderBytes, nameof(Limits.MaxHeaderBytes)), cursor.InputName);
        foreach ((string name, MemoryStream text) in _waiting)
        {
            text.Position = 0;
            ReadSection(name, new JsonCursor(text, $"{cursor.InputName} (\"{name}\")", text.Length, _work));
        }

        _waiting.Clear();
    }

    private void ReadNodes(JsonCursor cursor, SnapshotHeader header)
    {
        cursor.Expect('[', "to begin \"nodes\"");
        WarnOfCount(cursor, "nodes", header.NodeCount, NumberSection.Read(cursor, "nodes", new NodeRows(header, _builder), _work));
        _hasNodes = true;
    }

    private void WarnOfCount(JsonCursor cursor, string name, long declared, long rows)
    {
        if (declared >= 0 && rows != declared)
            _work.Warn($"{cursor.InputName}: the header says {declared} {name}, the file has {rows}; the file is believed");
    }

    private TableRows ReadTable(JsonCursor cursor, string name, int fields)
    {
        cursor.Expect('[', $"to begin \"{name}\"");
        var rows = new TableRows(fields);
        NumberSection.Read(cursor, name, rows, _work);
        return rows;
    }

    private void Postpone(string name, JsonCursor cursor)
    {
        var text = new MemoryStream();
        int depth = 0;
        do
        {
            int next = cursor.Peek();
            if (next < 0) throw cursor.Unexpected(next, $"the rest of \"{name}\"");
            ReadOnlySpan<byte> buffered = cursor.Buffered();
            int bracket = buffered.IndexOfAny((byte)'[', (byte)']');
            int length = bracket < 0 ? buffered.Length : bracket + 1;
            if (bracket >= 0) depth += buffered[bracket] == (byte)'[' ? 1 : -1;
            if (text.Length + length > Array.MaxLength)
                throw new InputException($"{cursor.InputName}: \"{name}\" comes before \"snapshot\", which says how to read it, and is longer than 2 GiB. Put \"snapshot\" first.");
            text.Write(buffered[..length]);
            cursor.Advance(length);
            _work.ThrowIfCancelled();
        }
        while (depth > 0);
        _waiting.Add((name, text));
    }

    private HeapGraph Finish()
    {
        if (_header is null || !_hasNodes || !_hasEdges)
        {
            string missing = _header is null ? "snapshot" : !_hasNodes ? "nodes" : "edges";
            throw new InputException($"{_cursor.InputName}: the JSON has no \"{missing}\" section, so it is no V8 heap snapshot. "
                + "Expected what v8.writeHeapSnapshot(), Chrome DevTools or --heapsnapshot-signal write. A .heapprofile or .cpuprofile has stacks and no heap: holdfast flame reads it.");
        }

        if (_stringsCut) FillMissingStrings();
        _builder.Root = (NodeIndex)Math.Min(int.MaxValue, _header.RootNode);
        _builder.ExtraNativeBytes = _header.ExtraNativeBytes;
        _builder.Allocations = BuildAllocations(_header);
        try
        {
            return _builder.Build();
        }
        catch (InputException e)
        {
            throw new InputException($"{_cursor.InputName}: {e.Message}. The file is damaged.", e);
        }
    }

    private void FillMissingStrings()
    {
        int have = _builder.Strings.Count;
        int needed = 0;
        foreach (int name in _builder.Nodes.Names.Span) needed = Math.Max(needed, name + 1);
        ReadOnlySpan<uint> edgeNames = _builder.Edges.Names.Span;
        ReadOnlySpan<EdgeType> edgeTypes = _builder.Edges.Types.Span;
        for (int i = 0; i < edgeNames.Length; i++)
        {
            if (!HeapGraph.IsNumbered(edgeTypes[i])) needed = (int)Math.Max(needed, Math.Min(int.MaxValue, edgeNames[i] + 1L));
        }

        // A damaged index must not make strings up without end: no file has more strings than nodes and edges.
        if (needed > (long)_builder.Nodes.Length + _builder.Edges.Length + 1) return;
        while (_builder.Strings.Count < needed) _builder.Strings.Append(System.Text.Encoding.UTF8.GetBytes(MissingString));
        _work.Warn($"{_cursor.InputName}: the file ends inside its strings: {needed - have} of {needed} names are missing and shown as {MissingString}. "
            + "Sizes and paths are right; names, and classes that depend on them, are not complete.");
    }

    private AllocationTrace BuildAllocations(SnapshotHeader header)
    {
        if (_traceFunctions is null && _traceNodes.Count == 0 && _samples is null) return AllocationTrace.Empty;
        return new AllocationTrace(BuildFunctions(header), _traceNodes, BuildSamples(header));
    }

    private TraceFunction[] BuildFunctions(SnapshotHeader header)
    {
        if (_traceFunctions is null) return [];
        IReadOnlyList<string> fields = header.TraceFunctionFields;
        int id = header.Require(fields, "function_id", "trace_function_info_fields");
        int name = header.Require(fields, "name", "trace_function_info_fields");
        int scriptName = header.Require(fields, "script_name", "trace_function_info_fields");
        int scriptId = header.Require(fields, "script_id", "trace_function_info_fields");
        int line = header.Require(fields, "line", "trace_function_info_fields");
        int column = header.Require(fields, "column", "trace_function_info_fields");
        var functions = new TraceFunction[_traceFunctions.Count];
        for (int i = 0; i < functions.Length; i++)
        {
            ReadOnlySpan<ulong> row = _traceFunctions[i];
            if ((row[id] | row[scriptId] | row[line] | row[column]) > uint.MaxValue)
                throw new InputException($"{_cursor.InputName}: row {i} of \"trace_function_infos\" has a number over 2^32 - 1. The file is damaged.");
            functions[i] = new TraceFunction((uint)row[id], StringIndex(row[name]), StringIndex(row[scriptName]),
                (uint)row[scriptId], (uint)row[line], (uint)row[column]);
        }

        return functions;
    }

    private int StringIndex(ulong index) => index < (ulong)_builder.Strings.Count ? (int)index : 0;

    private TimelineSample[] BuildSamples(SnapshotHeader header)
    {
        if (_samples is null) return [];
        int time = header.Require(header.SampleFields, "timestamp_us", "sample_fields");
        int lastId = header.Require(header.SampleFields, "last_assigned_id", "sample_fields");
        var samples = new TimelineSample[_samples.Count];
        for (int i = 0; i < samples.Length; i++) samples[i] = new TimelineSample(_samples[i][time], _samples[i][lastId]);
        return samples;
    }
}

using System.Text.Json;
using Holdfast.Common;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// The <c>snapshot</c> section: which fields a row has and what its types are called. Fields are found by name, so
/// that rows of any width and order can be read; names this version does not know are passed over.
/// </summary>
internal sealed class SnapshotHeader
{
    private readonly string _input;

    private SnapshotHeader(JsonElement section, string input)
    {
        _input = input;
        JsonElement meta = Property(section, "meta", JsonValueKind.Object, "\"snapshot\"");
        NodeFields = Names(meta, "node_fields");
        EdgeFields = Names(meta, "edge_fields");
        NodeTypeNames = TypeList(meta, "node_types", NodeFields);
        EdgeTypeNames = TypeList(meta, "edge_types", EdgeFields);
        LocationFields = OptionalNames(meta, "location_fields");
        TraceFunctionFields = OptionalNames(meta, "trace_function_info_fields");
        TraceNodeFields = OptionalNames(meta, "trace_node_fields");
        SampleFields = OptionalNames(meta, "sample_fields");
        NodeCount = Count(section, "node_count");
        EdgeCount = Count(section, "edge_count");
        ExtraNativeBytes = Math.Max(0, Count(section, "extra_native_bytes"));
        long root = Math.Max(0, Count(section, "root_index"));
        RootNode = root / Math.Max(1, NodeFields.Count);
    }

    public IReadOnlyList<string> NodeFields { get; }

    public IReadOnlyList<string> NodeTypeNames { get; }

    public IReadOnlyList<string> EdgeFields { get; }

    public IReadOnlyList<string> EdgeTypeNames { get; }

    public IReadOnlyList<string> LocationFields { get; }

    public IReadOnlyList<string> TraceFunctionFields { get; }

    public IReadOnlyList<string> TraceNodeFields { get; }

    public IReadOnlyList<string> SampleFields { get; }

    /// <summary>Declared number of nodes, or -1. The array decides.</summary>
    public long NodeCount { get; }

    /// <summary>Declared number of edges, or -1. The array decides.</summary>
    public long EdgeCount { get; }

    public long ExtraNativeBytes { get; }

    public long RootNode { get; }

    public static SnapshotHeader Parse(ReadOnlyMemory<byte> json, string input)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new SnapshotHeader(document.RootElement, input);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name with a lone surrogate, which has no UTF-16 text of its own here.
            throw new InputException($"{input}: the \"snapshot\" section is not valid JSON ({e.Message}). The file is damaged.", e);
        }
    }

    /// <summary>The place of a field that every row must have.</summary>
    public int Require(IReadOnlyList<string> fields, string name, string list)
    {
        int place = Find(fields, name);
        if (place >= 0) return place;
        throw new InputException($"{_input}: \"{list}\" is [{string.Join(", ", fields)}] and has no \"{name}\". "
            + "The file is damaged, or no V8 heap snapshot.");
    }

    /// <summary>The place of a field, or -1.</summary>
    public static int Find(IReadOnlyList<string> fields, string name)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields[i] == name) return i;
        }

        return -1;
    }

    /// <summary>
    /// Types by their number in the file: V8's own keep their place in <paramref name="known"/>, the others get
    /// the next free ones.
    /// </summary>
    public static byte[] MapTypes(IReadOnlyList<string> declared, List<string> known)
    {
        var map = new byte[declared.Count];
        for (int i = 0; i < map.Length; i++)
        {
            int place = known.IndexOf(declared[i]);
            if (place < 0)
            {
                place = known.Count;
                known.Add(declared[i]);
            }

            map[i] = (byte)place;
        }

        return map;
    }

    private JsonElement Property(JsonElement of, string name, JsonValueKind kind, string where)
    {
        if (of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind)
            return value;
        throw new InputException($"{_input}: {where} has no {kind.ToString().ToLowerInvariant()} \"{name}\". "
            + "The file is damaged, or no V8 heap snapshot.");
    }

    private List<string> Names(JsonElement meta, string list) => Strings(Property(meta, list, JsonValueKind.Array, "\"meta\""), list);

    private List<string> OptionalNames(JsonElement meta, string list) =>
        meta.TryGetProperty(list, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? Strings(value, list) : [];

    private List<string> Strings(JsonElement array, string list)
    {
        var names = new List<string>();
        foreach (JsonElement name in array.EnumerateArray())
        {
            if (name.ValueKind != JsonValueKind.String || names.Count >= Limits.MaxFields)
                throw new InputException($"{_input}: \"{list}\" is not a list of at most {Limits.MaxFields} names (limit MaxFields). The file is damaged.");
            names.Add(name.GetString()!);
        }

        if (names.Count == 0) throw new InputException($"{_input}: \"{list}\" is empty. The file is damaged.");
        return names;
    }

    /// <summary>Type names are an array at the place of the field "type".</summary>
    private List<string> TypeList(JsonElement meta, string list, IReadOnlyList<string> fields)
    {
        int place = Require(fields, "type", list == "node_types" ? "node_fields" : "edge_fields");
        JsonElement types = Property(meta, list, JsonValueKind.Array, "\"meta\"");
        if (place < types.GetArrayLength() && types[place].ValueKind == JsonValueKind.Array) return Strings(types[place], list);
        throw new InputException($"{_input}: \"{list}\" has no list of names for the field \"type\". The file is damaged.");
    }

    private long Count(JsonElement section, string name)
    {
        if (!section.TryGetProperty(name, out JsonElement value)) return -1;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long count) && count >= 0) return count;
        throw new InputException($"{_input}: \"{name}\" is {value.GetRawText()}, expected a whole number from 0. The file is damaged.");
    }
}

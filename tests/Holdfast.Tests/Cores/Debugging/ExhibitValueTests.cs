using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Tests.Cores.Debugging;

/// <summary>
/// Each value of the program <c>values</c> (tests/cores/values.js) as it is read from the core, against what the program itself told
/// of it: kinds, contents, lengths, entries, properties, states, variables.
/// </summary>
public class ExhibitValueTests
{
    [Theory]
    [InlineData("18")]
    [InlineData("20")]
    [InlineData("22")]
    [InlineData("24")]
    [InlineData("26")]
    public void Every_exhibit_is_what_the_program_told(string major)
    {
        using CoreSession core = SourceDetector.TryOpenCore(PackedCores.Path(major, "values"), () => Stream.Null, CoreOptions.Default, Work.Unwatched)!;
        Dictionary<string, Value> exhibits = Exhibits(core);
        JsonObject told = PackedCores.Truth(major, "values")["exhibits"]!.AsObject();
        var differences = new List<string>();
        int facts = 0;
        foreach ((string label, JsonNode? fact) in told)
        {
            if (!exhibits.TryGetValue(label, out Value? value))
            {
                differences.Add($"{label}: not found");
                continue;
            }

            foreach ((string name, JsonNode? expected) in fact!.AsObject())
            {
                facts++;
                if (Check(value, name, expected) is { } problem) differences.Add($"{label}: {name}: {problem}");
            }
        }

        Assert.True(told.Count > 200 && facts > 350, $"{told.Count} exhibits, {facts} facts");
        Assert.True(differences.Count == 0, $"{differences.Count} of {facts} facts differ:\n{string.Join('\n', differences)}");
    }

    private static Dictionary<string, Value> Exhibits(CoreSession core)
    {
        var values = new ValueReader(core, new ValueOptions(2, int.MaxValue, int.MaxValue));
        var found = new Dictionary<string, Value>();
        for (int i = 0; i < core.Heap.Count; i++)
        {
            HeapObject candidate = core.Heap[i];
            if (candidate.Kind != ObjectKind.Object || core.Classes.Of(candidate) != "Exhibit") continue;
            IReadOnlyList<ValueItem> properties = Group(values.Read(candidate.Address, 1), "properties").Items;
            if (properties.Count != 2 || properties[0].Value.Content is not { } label) continue;
            Value value = properties[1].Value;
            found[label] = value.Id is { } id ? values.Read(id, label == "loop closures" ? 2 : 1) : value;
        }

        return found;
    }

    private static ValueGroup Group(Value value, string name) => value.Groups?.FirstOrDefault(g => g.Name == name) ?? new ValueGroup(name, 0, []);

    private static string? Check(Value value, string name, JsonNode? expected)
    {
        string? actual = name switch
        {
            "kind" => Kind(value, expected!.ToString()),
            "length" or "size" => Length(value),
            "value" => value.Type == "date" && value.Content == "NaN" ? "null" : value.Content,
            "properties" => string.Join(",", Group(value, "properties").Items.Select(i => i.Name).Where(n => n != "length")),
            "property_count" => Group(value, "properties").Count.ToString(CultureInfo.InvariantCulture),
            "elements" => Elements(value, expected!),
            "values" => Named(Group(value, "properties"), expected!),
            "state" => value.Content,
            "name" => Name(value),
            "message" => value.Content,
            "description" => value.Content,
            "source" => value.Content![1..value.Content!.LastIndexOf('/')],
            "flags" => value.Content![(value.Content!.LastIndexOf('/') + 1)..],
            "last_index" => Slot(value, "lastIndex"),
            "starts" => Starts(value, expected!.ToString().Length),
            "text" => Starts(value, int.MaxValue),
            "byte_length" => Slot(value, "byteLength"),
            "byte_offset" => Slot(value, "byteOffset"),
            "max_byte_length" => Slot(value, "maxByteLength"),
            "type" => Slot(value, "[[TypedArrayName]]"),
            "revoked" => value.Text == "Proxy (revoked)" ? "true" : value.Text,
            "target" => Group(value, "internal").Items.First(i => i.Name == "[[Target]]").Value.Type is "undefined" ? "null" : "something",
            "context_count" => value.Groups!.Where(g => g.Name.StartsWith("variables", StringComparison.Ordinal)).Max(g => g.Count).ToString(CultureInfo.InvariantCulture),
            "context" => Context(value, expected!),
            "node" => value.Size?.ToString(CultureInfo.InvariantCulture),
            "exports" => string.Join(",", Group(value, "exports").Items.Select(i => i.Name)),
            "href" or "listeners" => expected!.ToJsonString(),
            _ => "not checked",
        };
        string wanted = Text(expected);
        if (name == "properties") wanted = string.Join(",", expected!.AsArray().Select(p => p!.ToString()));
        if (name is "elements" or "values" or "context" or "listeners" or "href") wanted = expected!.ToJsonString();
        if (name == "exports") wanted = string.Join(",", expected!.AsArray());
        if (name == "node") wanted = SizeOf(value, expected!);
        return (actual ?? "") == wanted ? null : $"expected {Cut(wanted)}, found {Cut(actual ?? "nothing")}";
    }

    /// <summary>
    /// Since Node 24 V8's snapshot counts the contents of an external string, and the native part of some of Node's objects, with the
    /// object, and strings that all processes share as nothing.
    /// </summary>
    private static string SizeOf(Value value, JsonNode node)
    {
        if (value.Size is null) return "";
        long size = (long)node["self_size"]!;
        bool isOther = (value.Type == "string" && (size == 0 || size > 1_000_000)) || value.Class == "Script";
        return (isOther ? value.Size.Value : size).ToString(CultureInfo.InvariantCulture);
    }

    private static string Cut(string text) => text.Length > 120 ? text[..120] + "…" : text;

    private static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonValue value when value.TryGetValue(out double number) => NumberText.Show(number),
        _ => node.ToString(),
    };

    /// <summary>The program's words for kinds are mostly ours; some of its are wider.</summary>
    private static string Kind(Value value, string expected) => (expected, value.Type) switch
    {
        ("buffer", "typedarray") when value.Class is "Buffer" or "FastBuffer" => expected,
        ("function", "class") => expected,
        ("intl" or "timer" or "temporal" or "url", "object") => expected,
        ("iterator", "object") when value.Class!.Contains("Iterator", StringComparison.Ordinal) || value.Class.Contains("Helper", StringComparison.Ordinal) => expected,
        ("error", "object") when value.Class == "DOMException" => expected,
        _ => value.Type,
    };

    private static string? Length(Value value) => value.Type switch
    {
        "arguments" => Group(value, "properties").Items.First(i => i.Name == "length").Value.Content,
        "finalizationregistry" => Group(value, "entries").Count.ToString(CultureInfo.InvariantCulture),
        _ => value.Length?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A function's name may be a property that the program has set.</summary>
    private static string? Name(Value value) => value.Type switch
    {
        "function" or "class" when Group(value, "properties").Items.FirstOrDefault(i => i.Name == "name") is { Value.Type: "string" } own => own.Value.Content,
        "generator" => value.Text.Split("{ ")[1].Split(',')[0],
        "error" => Group(value, "properties").Items.FirstOrDefault(i => i.Name == "name")?.Value.Content ?? value.Class,
        _ => value.Content,
    };

    private static string Elements(Value value, JsonNode expected)
    {
        var elements = Group(value, "elements").Items.ToDictionary(i => i.Name, i => i.Value);
        if (expected is JsonObject named) return new JsonObject([.. named.Select(n => KeyValuePair.Create(n.Key, Json(elements.GetValueOrDefault(n.Key), n.Value)))]).ToJsonString();
        JsonArray list = expected.AsArray();
        return new JsonArray([.. list.Select((e, i) => Json(elements.GetValueOrDefault(i.ToString(CultureInfo.InvariantCulture)), e))]).ToJsonString();
    }

    private static string Named(ValueGroup group, JsonNode expected)
    {
        var values = group.Items.ToDictionary(i => i.Name, i => i.Value);
        return new JsonObject([.. expected.AsObject().Select(e => KeyValuePair.Create(e.Key, Json(values.GetValueOrDefault(e.Key), e.Value)))]).ToJsonString();
    }

    /// <summary>The value as JSON, written like the expected one where both are the same number.</summary>
    private static JsonNode? Json(Value? value, JsonNode? like) => value switch
    {
        null or { Type: "null" or "undefined" } => null,
        { Type: "number" or "bigint" } when like is JsonValue number && number.TryGetValue(out double wanted) && NumberText.Show(wanted) == value.Content => like.DeepClone(),
        { Type: "boolean" } => JsonValue.Create(value.Content == "true"),
        { Type: "number" } => JsonValue.Create(value.Content + " (number)"),
        _ => JsonValue.Create(value.Content ?? value.Text),
    };

    private static string? Slot(Value value, string name) => Group(value, "internal").Items.FirstOrDefault(i => i.Name == name)?.Value.Content;

    private static string Starts(Value value, int length)
    {
        string text = value.Type == "string" ? value.Content! : string.Concat(Group(value, "elements").Items.Select(i => (char)int.Parse(i.Value.Content!, CultureInfo.InvariantCulture)));
        return text[..Math.Min(length, text.Length)];
    }

    private static string Context(Value value, JsonNode expected)
    {
        var result = new JsonObject();
        foreach ((string name, JsonNode? told) in expected.AsObject())
        {
            IEnumerable<Value> functions = value.Type == "array" ? Group(value, "elements").Items.Select(i => i.Value) : [value];
            Value[] found = [.. functions.Select(f => f.Groups!.Where(g => g.Name.StartsWith("variables", StringComparison.Ordinal)).SelectMany(g => g.Items).First(i => i.Name == name).Value)];
            result[name] = told is JsonArray list ? new JsonArray([.. found.Select((v, i) => Json(v, list[i]))]) : JsonValue.Create(found[0].Class);
        }

        return result.ToJsonString();
    }
}

using System.Globalization;
using System.Text;

namespace Holdfast.Tests.Fixtures;

/// <summary>
/// The text of a small snapshot, section by section, to be changed and read:
/// root 1 -[1]-> Foo 3 -.foo-> "hello" 5, root -.bar-> "hello".
/// </summary>
internal sealed class SnapshotText
{
    public const string NodeTypes =
        """["hidden","array","string","object","code","closure","regexp","number","native","synthetic","concatenated string","sliced string","symbol","bigint","object shape"]""";

    public const string EdgeTypes = """["context","element","property","internal","hidden","shortcut","weak"]""";

    private readonly List<(string Name, string Value)> _sections;

    private SnapshotText(List<(string Name, string Value)> sections) => _sections = sections;

    /// <summary>Six fields a node, as Node 24 and 26 write them.</summary>
    public static SnapshotText Small() => new(
    [
        ("snapshot", Header()),
        ("nodes", "[9,0,1,0,2,0,3,1,3,16,1,0,2,2,5,24,0,0]"),
        ("edges", "[1,1,6,2,4,12,2,3,12]"),
        ("trace_function_infos", "[]"),
        ("trace_tree", "[]"),
        ("samples", "[]"),
        ("locations", "[6,7,8,9]"),
        ("strings", """["","Foo","hello","foo","bar"]"""),
    ]);

    public static string Header(
        string nodeFields = "\"type\",\"name\",\"id\",\"self_size\",\"edge_count\",\"detachedness\"",
        string counts = "\"node_count\":3,\"edge_count\":3,\"trace_function_count\":0",
        string nodeTypes = NodeTypes,
        string edgeTypes = EdgeTypes,
        string edgeFields = "\"type\",\"name_or_index\",\"to_node\"") =>
        "{\"meta\":{\"node_fields\":[" + nodeFields + "],\"node_types\":[" + nodeTypes + ",\"string\",\"number\",\"number\",\"number\",\"number\",\"number\"],"
        + "\"edge_fields\":[" + edgeFields + "],\"edge_types\":[" + edgeTypes + ",\"string_or_number\",\"node\"],"
        + "\"trace_function_info_fields\":[\"function_id\",\"name\",\"script_name\",\"script_id\",\"line\",\"column\"],"
        + "\"trace_node_fields\":[\"id\",\"function_info_index\",\"count\",\"size\",\"children\"],"
        + "\"sample_fields\":[\"timestamp_us\",\"last_assigned_id\"],"
        + "\"location_fields\":[\"object_index\",\"script_id\",\"line\",\"column\"]}"
        + (counts.Length > 0 ? "," + counts : "") + "}";

    /// <summary>A snapshot with this many nodes in a row below the root, each with numbers of many lengths.</summary>
    public static SnapshotText Chain(int nodes, bool newlines)
    {
        string end = newlines ? "\n" : "";
        var nodeRows = new StringBuilder("[");
        var edgeRows = new StringBuilder("[");
        for (int i = 0; i < nodes; i++)
        {
            ulong id = (ulong)i * 2 + 1 + (i % 97 == 0 ? 5_000_000_000UL : 0);
            long size = i % 89 == 0 ? 6_000_000_000L + i : i % 13 * (long)Math.Pow(10, i % 7);
            nodeRows.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}{(i == 0 ? 9 : 3)},{i % 5},{id},{size},{(i == nodes - 1 ? 0 : 1)},0{end}");
            if (i > 0) edgeRows.Append(CultureInfo.InvariantCulture, $"{(i == 1 ? "" : ",")}1,{i},{i * 6}{end}");
        }

        return Small()
            .With("snapshot", Header(counts: $"\"node_count\":{nodes},\"edge_count\":{nodes - 1}"))
            .With("nodes", nodeRows.Append(']').ToString())
            .With("edges", edgeRows.Append(']').ToString());
    }

    public string Section(string name) => _sections.Single(s => s.Name == name).Value;

    /// <summary>The same with another section of this name, in its place or at the end.</summary>
    public SnapshotText With(string name, string value)
    {
        var sections = _sections.ToList();
        int place = sections.FindIndex(s => s.Name == name);
        if (place < 0) sections.Add((name, value));
        else sections[place] = (name, value);
        return new SnapshotText(sections);
    }

    /// <summary>The same with one more section at the end, even if there is one of this name.</summary>
    public SnapshotText Appended(string name, string value) => new([.. _sections, (name, value)]);

    public SnapshotText Without(string name) => new(_sections.FindAll(s => s.Name != name));

    /// <summary>The same with these sections first, in this order, and then the others.</summary>
    public SnapshotText InOrder(params string[] names) =>
        new([.. names.Select(n => (n, Section(n))), .. _sections.Where(s => !names.Contains(s.Name))]);

    public string Text(string separator = ",") => "{" + string.Join(separator, _sections.Select(s => $"\"{s.Name}\":{s.Value}")) + "}";

    public override string ToString() => Text();
}

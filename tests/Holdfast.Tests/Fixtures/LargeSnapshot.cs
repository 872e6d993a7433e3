using System.Globalization;
using System.Text;

namespace Holdfast.Tests.Fixtures;

/// <summary>A snapshot file of any size: objects that each hold a string, every text in two strings.</summary>
internal static class LargeSnapshot
{
    private const int FieldsOfNode = 6;

    public static void Write(string path, int objects)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        int nodes = 2 * objects + 1, edges = 2 * objects;
        file.Write("{\"snapshot\":" + SnapshotText.Header(counts: $"\"node_count\":{nodes},\"edge_count\":{edges},\"trace_function_count\":0") + ",\n\"nodes\":[");
        file.Write(string.Create(CultureInfo.InvariantCulture, $"9,0,1,0,{objects},0"));
        for (int i = 0; i < objects; i++) file.Write(string.Create(CultureInfo.InvariantCulture, $"\n,3,1,{2 * i + 3},32,1,0"));
        for (int i = 0; i < objects; i++) file.Write(string.Create(CultureInfo.InvariantCulture, $"\n,2,{3 + i / 2},{2 * (objects + i) + 3},24,0,0"));
        file.Write("],\n\"edges\":[");
        for (int i = 0; i < objects; i++) file.Write(string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : "\n,")}1,{i},{(i + 1) * FieldsOfNode}"));
        for (int i = 0; i < objects; i++) file.Write(string.Create(CultureInfo.InvariantCulture, $"\n,2,2,{(objects + i + 1) * FieldsOfNode}"));
        file.Write("],\n\"trace_function_infos\":[],\"trace_tree\":[],\"samples\":[],\"locations\":[],\n\"strings\":[\"\",\"Holder\",\"text\"");
        for (int i = 0; i < (objects + 1) / 2; i++) file.Write(string.Create(CultureInfo.InvariantCulture, $",\n\"text {i}\""));
        file.Write("]}\n");
    }
}

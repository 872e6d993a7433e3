using System.Text;
using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>Values as JavaScript's console writes them: <c>Point { x: 1, tags: [ "a", "b" ] }</c>.</summary>
internal static class ValuePrinter
{
    private const int Width = 100;
    private const int MostLevels = 100;

    public static string Print(Value value) => Print(value, 0);

    private static string Print(Value value, int level)
    {
        var parts = new List<string>();
        bool isList = value.Type is "array" or "typedarray" or "arguments" or "set" or "weakset";
        foreach (ValueGroup group in value.Groups ?? [])
        {
            if (level >= MostLevels) break;
            if (group.Name is "code" or "map" || group.Name.StartsWith("variables", StringComparison.Ordinal)) continue;
            parts.AddRange(group.Items.Where(item => IsShown(item) && !(isList && item.Name == "length")).Select(item => Item(group.Name, item, isList, level + 1)));
            if (group.Count > group.Items.Count) parts.Add($"… {group.Count - group.Items.Count} more {group.Name}");
        }

        string head = value.Type switch
        {
            "object" when value.Class is "Object" => "",
            "array" when value.Class is "Array" => "",
            _ => value.Text,
        };
        (string open, string close) = isList ? ("[", "]") : ("{", "}");
        if (parts.Count == 0) return head.Length > 0 ? head : value.Groups is null ? value.Text : open + close;
        string prefix = head.Length > 0 ? head + " " : "";
        if (parts.Sum(p => p.Length + 2) + prefix.Length + (level * 2) < Width && !parts.Any(p => p.Contains('\n', StringComparison.Ordinal)))
            return $"{prefix}{open} {string.Join(", ", parts)} {close}";
        string indent = new(' ', (level + 1) * 2);
        return new StringBuilder($"{prefix}{open}\n").AppendJoin(",\n", parts.Select(p => indent + p)).Append('\n').Append(' ', level * 2).Append(close).ToString();
    }

    /// <summary>Of the slots of its kind those that the text does not say already.</summary>
    private static bool IsShown(ValueItem item) => item.Name is not ("[[Prototype]]" or "[[PromiseState]]" or "[[DateValue]]" or "[[PrimitiveValue]]" or "lastIndex" or "[[GeneratorState]]" or "[[TypedArrayName]]" or "buffer" or "byteOffset" or "byteLength");

    private static string Item(string group, ValueItem item, bool isList, int level)
    {
        string value = Print(item.Value, level);
        if (item.Key is { } key) return $"{Print(key, level)} => {value}";
        return (group == "elements" && isList) || group == "entries" ? value : $"{item.Name}: {value}";
    }
}

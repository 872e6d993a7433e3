using Holdfast.Analyses;
using Holdfast.Model;

namespace Holdfast.Commands;

/// <summary>How objects and edges are written for people.</summary>
internal static class NodeText
{
    /// <summary>Characters of a string's text that are shown where the text is not what was asked for.</summary>
    public const int ShortText = 40;

    /// <summary>
    /// A function with its <c>()</c>, a string in quotes and cut, a plain object as its properties, anything else by its name.
    /// </summary>
    public static string Show(Heap heap, NodeIndex node, int maxText = ShortText)
    {
        NodeType type = heap.Graph.NodeTypes[(int)node];
        string name = heap.Names[node];
        if (IsString(type)) return $"\"{Cut(name, maxText)}\"";
        if (type == NodeType.Closure) return name.Length == 0 ? "(anonymous function)" : name + "()";
        if (name.Length > 0) return name;
        return node == heap.Graph.Root ? "(root)" : ClassNames.Show(heap.Classes[node]);
    }

    /// <summary>The name for programs: as it is, but a string's text cut.</summary>
    public static string Name(Heap heap, NodeIndex node, int maxText = ShortText) =>
        IsString(heap.Graph.NodeTypes[(int)node]) ? Cut(heap.Names[node], maxText) : heap.Names[node];

    public static bool IsString(NodeType type) => type is NodeType.String or NodeType.ConsString or NodeType.SlicedString;

    /// <summary>The first characters, with … where there are more; no half of a surrogate pair is left over.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        int end = length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return text[..end] + "…";
    }

    /// <summary>An edge: <c>.name</c>, <c>["a name"]</c>, <c>[5]</c>; with its type before it in parentheses where it is no property.</summary>
    public static string Edge(string type, string name) => type switch
    {
        "property" when name is "[]" => name,
        "property" when name.StartsWith("<symbol ", StringComparison.Ordinal) => $"[{name}]",
        "property" => name == "*" || IsIdentifier(WithoutAccessor(name)) ? "." + name : $"[\"{name}\"]",
        "element" => name is "[]" ? name : $"[{name}]",
        // A hidden edge only has a name where it is a variable's.
        "hidden" when name.Length > 0 && char.IsLetter(name[0]) => $"(context) {name}",
        _ => $"({type}) {name}",
    };

    /// <summary>V8 calls the edge to a getter <c>get name</c>.</summary>
    private static string WithoutAccessor(string name) =>
        name.StartsWith("get ", StringComparison.Ordinal) || name.StartsWith("set ", StringComparison.Ordinal) ? name[4..] : name;

    private static bool IsIdentifier(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return false;
        foreach (char c in name)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '$' or '#' or '<' or '>')) return false;
        }

        return true;
    }
}

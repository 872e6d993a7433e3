using System.Globalization;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Commands;

/// <summary>How one object is named on the command line: <c>@ID</c>, the id every answer shows.</summary>
internal static class NodeReferences
{
    /// <summary>Whether the text can only mean one object.</summary>
    public static bool IsReference(string text) => text is ['@', _, ..] && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>The node of <c>@ID</c>, or of the number alone.</summary>
    /// <exception cref="InputException">It is no id, or nothing in the heap has it.</exception>
    public static NodeIndex Find(Heap heap, string text)
    {
        ReadOnlySpan<char> digits = text.StartsWith('@') ? text.AsSpan(1) : text;
        if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id))
            throw new InputException($"{text}: expected an object id such as @1234, as every command shows them.");
        NodeIndex node = heap.Graph.FindById(id);
        if (node != NodeIndex.None) return node;
        throw new InputException(
            $"@{id}: no object in this heap has this id. Ids stay the same between snapshots of one process only, and an object "
            + "that was freed has none any more; `holdfast find` looks for objects by constructor, name or size.");
    }

    /// <summary>One object for <c>@ID</c>, else those of a constructor.</summary>
    public static NodeSet Select(Heap heap, string text, Work work) =>
        IsReference(text) ? NodeSet.Single(heap.Graph, Find(heap, text)) : ConstructorPattern.Match(heap, text, work);
}

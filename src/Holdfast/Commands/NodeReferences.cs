using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Commands;

/// <summary>How one object is named on the command line: <c>@ID</c>, the id every answer shows.</summary>
internal static class NodeReferences
{
    /// <summary>Whether the text can only mean one object.</summary>
    public static bool IsReference(string text) => NodeIdText.IsId(text);

    /// <summary>The node of <c>@ID</c>, or of the number alone.</summary>
    /// <exception cref="InputException">It is no id, or nothing in the heap has it.</exception>
    public static NodeIndex Find(Heap heap, string text)
    {
        if (!NodeIdText.TryParse(text, out ulong id))
            throw new InputException($"{text}: expected an object id such as @1234, or an address such as 0x1a2b3c4d5e61 in a core dump, as every command shows them.");

        // An address may be given with V8's tag, as pointers have it, or without.
        NodeIndex node = heap.Graph.FindById(id);
        if (node == NodeIndex.None && heap.Graph.Origin is not null) node = heap.Graph.FindById(id | 1);
        if (node != NodeIndex.None) return node;
        throw new InputException(
            $"{NodeIdText.Show(id)}: no object in this heap has this id. Ids stay the same between snapshots of one process only, and an object "
            + "that was freed has none any more; `holdfast find` looks for objects by constructor, name or size.");
    }

    /// <summary>One object for <c>@ID</c>, else those of a constructor.</summary>
    public static NodeSet Select(Heap heap, string text, Work work) =>
        IsReference(text) ? NodeSet.Single(heap.Graph, Find(heap, text)) : ConstructorPattern.Match(heap, text, work);
}

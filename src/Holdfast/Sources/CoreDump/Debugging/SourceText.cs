using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Lines of scripts, also of Node's own, whose text is in the program.</summary>
internal sealed class SourceText(CoreSession core)
{
    private const int SourceField = 8;
    private const int NameField = 16;

    /// <summary>The lines around where an object stands: a function, its shared part, or the beginning of a script.</summary>
    /// <exception cref="InputException">There is no such object, or it has no source.</exception>
    public SourceExcerpt Around(ulong address, int lines)
    {
        HeapObject found = CoreAddresses.Find(core, address);
        string at = NodeIdText.Show(address);
        if (found.Kind == ObjectKind.Script) return Around(found, 0, "script", lines);
        if (found.Kind != ObjectKind.SharedFunctionInfo && !core.Functions.TryShared(found, out found))
            throw new InputException($"{core.Name}: {at} is no function and no script, which alone have a source. holdfast inspect says what it is.");
        if (!core.Lines.TryScript(found, out HeapObject script)) throw new InputException($"{core.Name}: the function at {at} is in no script: it is V8's own, or made in C++.");
        return Around(script, Math.Max(0, core.Lines.Extent(found).Start), core.Functions.DebugName(found), lines);
    }

    /// <summary>The lines around a character of a script.</summary>
    /// <exception cref="InputException">The script's text is not in the core.</exception>
    public SourceExcerpt Around(ulong scriptAddress, int position, string what, int lines)
    {
        int index = core.Heap.IndexOf(scriptAddress);
        return core.Heap.KindOf(index) == ObjectKind.Script ? Around(core.Heap[index], position, what, lines)
            : throw new InputException($"{core.Name}: no script at {NodeIdText.Show(scriptAddress)}.");
    }

    private SourceExcerpt Around(HeapObject script, int position, string what, int lines)
    {
        string name = core.Strings.Read(script[NameField]) ?? "";
        string text = core.Strings.Read(script[SourceField], Limits.MaxSourceCharacters) ?? "";
        if (text.Length == 0) throw new InputException($"{core.Name}: the text of {(name.Length > 0 ? name : "the script")} is not in the core. Give the node binary with --exe, which has that of Node's own scripts.");
        int[] ends = core.Lines.LineEnds(script);
        int line = Array.BinarySearch(ends, position);
        if (line < 0) line = ~line;
        int shown = Math.Clamp(lines, 1, Limits.MaxSourceLines), count = ends.Length + 1;
        int first = Math.Max(0, Math.Min(line - (shown / 2), count - shown));
        var found = new List<string>();
        for (int i = first; i < Math.Min(count, first + shown); i++)
        {
            int start = i == 0 ? 0 : ends[i - 1] + 1, end = i < ends.Length ? ends[i] : text.Length;
            found.Add(start <= end && end <= text.Length ? text[start..end].TrimEnd('\r') : "");
        }

        int offset = ScriptLines.FirstLine(script);
        int column = core.Lines.At(script, position) is { } place ? (int)place.Column + 1 : 0;
        return new SourceExcerpt(name, script.Address, what, line + 1 + offset, column, first + 1 + offset, found, count);
    }
}

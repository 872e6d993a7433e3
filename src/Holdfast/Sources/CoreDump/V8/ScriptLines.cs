using System.Buffers;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>Lines and columns of functions in their scripts, from the sources in the heap.</summary>
/// <param name="heap">The heap.</param>
/// <param name="strings">Reads its strings.</param>
/// <param name="functions">Names of functions.</param>
/// <param name="scopes">Scopes of functions.</param>
/// <param name="mostCharacters">Characters of one source that are looked through.</param>
internal sealed class ScriptLines(V8Heap heap, HeapStrings strings, FunctionNames functions, ScopeInfos scopes, int mostCharacters = Limits.MaxSourceCharacters)
{
    private const int ScriptSource = 8;
    private const int ScriptLineOffset = 24;
    private const int ScriptColumnOffset = 32;
    private const int ScriptId = 64;
    private const int UncompiledStart = 16;
    private const int UncompiledEnd = 20;

    private static readonly SearchValues<char> LineTerminators = SearchValues.Create("\n\r\u2028\u2029");

    private readonly Dictionary<int, int[]> _ends = [];
    private long _left = heap.Memory.StoredBytes;
    private readonly Dictionary<int, Location?> _ofShared = [];

    /// <summary>Where a function begins, null where it has no script.</summary>
    public Location? Of(HeapObject function)
    {
        if (!functions.TryShared(function, out HeapObject shared)) return null;
        if (!_ofShared.TryGetValue(shared.Index, out Location? found)) _ofShared[shared.Index] = found = Find(shared);
        return found;
    }

    private Location? Find(HeapObject shared) =>
        TryScript(shared, out HeapObject script) && StartOf(shared) is >= 0 and var position ? At(script, position) : null;

    /// <summary>The script a function is in.</summary>
    public bool TryScript(HeapObject shared, out HeapObject script)
    {
        if (!heap.TryFollow(shared, heap.Layout.SharedScript, out script)) return false;

        // Of a function that is being debugged this is what the debugger knows, with the script among it.
        return script.Kind == ObjectKind.Script || TryScriptOf(script, out script);
    }

    /// <summary>The line and column of a character of a script's source.</summary>
    public Location? At(HeapObject script, int position)
    {
        int[] ends = LineEnds(script);
        int line = Array.BinarySearch(ends, position);
        if (line < 0) line = ~line;
        int column = position - (line == 0 ? 0 : ends[line - 1] + 1);
        if (line == 0) column += script.Smi(ScriptColumnOffset);
        line += script.Smi(ScriptLineOffset);
        return line < 0 || column < 0 ? null : new Location((uint)script.Smi(ScriptId), (uint)line, (uint)column);
    }

    /// <summary>Where a function's text begins and ends in its script; an end of -1 is not known.</summary>
    public (int Start, int End) Extent(HeapObject shared)
    {
        int end = heap.TryFollow(shared, heap.Layout.SharedName, out HeapObject scope) && scope.Kind == ObjectKind.ScopeInfo ? scopes.EndPosition(scope)
            : functions.TryUncompiled(shared, out HeapObject uncompiled) ? uncompiled.Int32(UncompiledEnd) : -1;
        return (StartOf(shared), end);
    }

    /// <summary>How many lines there are before the source's first one: it may be a part of a page.</summary>
    public static int FirstLine(HeapObject script) => script.Smi(ScriptLineOffset);

    private bool TryScriptOf(HeapObject debugInfo, out HeapObject script)
    {
        script = default;
        for (int at = 8; at < Math.Min(debugInfo.Size, 64); at += 8)
        {
            if (heap.TryFollow(debugInfo, at, out script) && script.Kind == ObjectKind.Script) return true;
        }

        return false;
    }

    private int StartOf(HeapObject shared)
    {
        if (heap.TryFollow(shared, heap.Layout.SharedName, out HeapObject scope) && scope.Kind == ObjectKind.ScopeInfo && scopes.StartPosition(scope) is >= 0 and var start) return start;
        return functions.TryUncompiled(shared, out HeapObject uncompiled) ? uncompiled.Int32(UncompiledStart) : 0;
    }

    /// <summary>Positions of the ends of all lines of a script.</summary>
    public int[] LineEnds(HeapObject script)
    {
        if (!heap.TryFollow(script, ScriptSource, out HeapObject source) || !source.Traits.IsString) return [];
        if (_ends.TryGetValue(source.Index, out int[]? known)) return known;
        var ends = new List<int>();

        // All sources together are no longer than the memory they are in.
        int most = (int)Math.Min(Math.Min(HeapStrings.Length(source), mostCharacters), _left);
        _left -= most;
        if (most > 0)
        {
            using var text = new Column<char>(most);
            int length = strings.Fill(source, text.Span);
            FindEnds(text.Span[..length], ends);
        }

        return _ends[source.Index] = [.. ends];
    }

    private static void FindEnds(ReadOnlySpan<char> text, List<int> ends)
    {
        for (int at = 0, next; (next = text[at..].IndexOfAny(LineTerminators)) >= 0; at += next + 1)
        {
            int end = at + next;
            if (text[end] != '\r' || end + 1 >= text.Length || text[end + 1] != '\n') ends.Add(end);
        }
    }
}

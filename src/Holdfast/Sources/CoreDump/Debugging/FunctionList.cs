using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>The functions of a core, and those that are constructors of objects.</summary>
internal static class FunctionList
{
    private const int ScriptName = 16;

    /// <summary>Functions by what they were made from, those with most closures first.</summary>
    public static IReadOnlyList<FoundFunction> Functions(CoreSession core, Predicate<string> isWanted, Work work)
    {
        V8Heap heap = core.Heap;
        var found = new Dictionary<int, (int Count, long Bytes, int Example)>();
        foreach (int i in Counted(core, work))
        {
            if (heap.KindOf(i) != ObjectKind.Function || !core.Functions.TryShared(heap[i], out HeapObject shared)) continue;
            (int count, long bytes, int example) = found.GetValueOrDefault(shared.Index, (0, 0L, i));
            found[shared.Index] = (count + 1, bytes + heap[i].Size, example);
        }

        return
        [
            .. found.Select(f => (Name: core.Functions.DebugName(heap[f.Key]), f.Value)).Where(f => isWanted(f.Name))
                .Select(f => new FoundFunction(f.Name, Location(core, heap[f.Value.Example]), f.Value.Count, f.Value.Bytes, heap[f.Value.Example].Address))
                .OrderByDescending(f => f.Closures).ThenBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => f.Location, StringComparer.Ordinal),
        ];
    }

    /// <summary>Functions whose objects there are, those with most first.</summary>
    public static IReadOnlyList<FoundConstructor> Constructors(CoreSession core, Predicate<string> isWanted, Work work)
    {
        V8Heap heap = core.Heap;
        var found = new Dictionary<int, (long Count, long Bytes)>();
        foreach (int i in core.Census(work).InstancesOf(_ => true))
        {
            if (heap.KindOf(i) == ObjectKind.Proxy) continue;

            // What names an object's class; V8's own map may name the class that one extends.
            int function = core.Classes.FunctionOf(heap[i]);
            if (function < 0) function = core.Classes.ConstructorOf(heap.MapOf(i));
            if (heap.KindOf(function) != ObjectKind.Function) continue;
            (long count, long bytes) = found.GetValueOrDefault(function);
            found[function] = (count + 1, bytes + heap[i].Size);
        }

        return
        [
            .. found.Select(f => (Function: heap[f.Key], f.Value, Name: core.Functions.TryShared(heap[f.Key], out HeapObject shared) ? core.Functions.DebugName(shared) : ""))
                .Where(f => isWanted(f.Name))
                .Select(f => new FoundConstructor(f.Name, Location(core, f.Function), f.Function.Address, core.Functions.Prototype(f.Function) is > 0 and var prototype ? prototype : null, f.Value.Count, f.Value.Bytes))
                .OrderByDescending(c => c.Instances).ThenBy(c => c.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Where a function stands, <c>script:line:column</c> with both counted from 1; empty where that is not known.</summary>
    public static string Location(CoreSession core, HeapObject function)
    {
        if (core.Lines.Of(function) is not { } location || !core.Functions.TryShared(function, out HeapObject shared)) return "";
        if (!core.Lines.TryScript(shared, out HeapObject script)) return "";
        string name = core.Strings.Read(script[ScriptName]) is { Length: > 0 } read ? read : $"script {location.ScriptId}";
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}:{location.Line + 1}:{location.Column + 1}");
    }

    private static IEnumerable<int> Counted(CoreSession core, Work work)
    {
        BitColumn counted = core.Counted(work);
        foreach (HeapPage page in core.Heap.Pages.All)
        {
            if (page.Heap != core.Isolate.Heap) continue;
            for (int i = page.FirstObject; i < page.EndObject; i++)
            {
                work.ThrowIfCancelled(i);
                if (counted[i]) yield return i;
            }
        }
    }
}

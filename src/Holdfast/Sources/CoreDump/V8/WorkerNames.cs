using System.Text;
using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// The names of worker threads: those a program gave them, or their number. Each worker has an object of Node's in its
/// parent's heap, and that a native part which knows the worker's isolate. Source: Node, src/node_worker.h.
/// </summary>
internal static class WorkerNames
{
    /// <summary>What Node calls a worker that was given no name.</summary>
    private const string Unnamed = "WorkerThread";

    /// <summary>Names by the addresses of isolates, different from each other; only of those that are found.</summary>
    public static Dictionary<ulong, string> Find(V8Heap heap, IReadOnlyList<IsolateInfo> isolates)
    {
        V8Layout layout = heap.Layout;
        ulong isolateAt = (ulong)layout.Offset("Worker.isolate", 0);
        var wanted = isolates.Where(i => i.IsKnown).Select(i => i.Address).ToHashSet();
        var names = new Dictionary<ulong, string>();
        if (isolateAt == 0 || wanted.Count < 2) return names;
        for (int i = 0; i < heap.Count && names.Count < wanted.Count; i++)
        {
            HeapObject holder = heap[i];
            int field = layout.EmbedderFields(holder);
            if (field < 0 || holder.Kind != ObjectKind.Object) continue;

            // The second field: the first says what kind of object it is.
            ulong native = holder[field + V8Layout.Word];
            if (native == 0 || (native & 7) != 0) continue;
            ulong isolate = heap.Memory.PeekWord(native + isolateAt);
            if (wanted.Contains(isolate)) names[heap.Memory.Word(native + isolateAt)] = NameOf(heap, native, names);
        }

        return names;
    }

    private static string NameOf(V8Heap heap, ulong worker, Dictionary<ulong, string> taken)
    {
        ulong at = worker + (ulong)heap.Layout.Offset("Worker.name", 0);
        ulong length = Math.Min(heap.Memory.Word(at + 8), Limits.MaxThreadName);
        string name = Encoding.UTF8.GetString(heap.Memory.Exactly(heap.Memory.Word(at), (int)length));
        ulong id = heap.Memory.Word(worker + (ulong)heap.Layout.Offset("Worker.thread_id", 0));
        string numbered = $"worker-{id}";
        if (name.Length == 0 || name == Unnamed) return numbered;
        return taken.ContainsValue(name) ? $"{name}-{id}" : name;
    }
}

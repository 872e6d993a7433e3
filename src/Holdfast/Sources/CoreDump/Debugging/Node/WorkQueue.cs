using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Node;

/// <summary>
/// What waits to be called: V8's microtasks, <c>process.nextTick</c>, <c>setImmediate</c>. Source: V8, src/execution/microtask-queue.h; Node,
/// lib/internal/fixed_queue.js and lib/internal/timers.js.
/// </summary>
internal sealed class WorkQueue(CoreSession core, Work work)
{
    private readonly V8Heap _heap = core.Heap;
    private readonly ValueReader _values = new(core, new ValueOptions(0, 0, 200));

    public IReadOnlyList<PendingWork> Pending() => [.. Microtasks(), .. Ticks(), .. Immediates()];

    private IEnumerable<PendingWork> Microtasks()
    {
        if (!core.Isolate.IsKnown) yield break;
        ulong first = _heap.Memory.Word(core.Isolate.Address + (ulong)_heap.Layout.Offset("Isolate.default_microtask_queue", 0));
        ulong queue = first;
        for (int queues = 0; queue != 0 && queues < (int)Limits.MaxHandleBlocks; queues++)
        {
            ulong size = _heap.Memory.Word(queue + 8), capacity = _heap.Memory.Word(queue + 16), start = _heap.Memory.Word(queue + 24), ring = _heap.Memory.Word(queue + 32);
            for (ulong i = 0; i < Math.Min(size, capacity) && i < Limits.MaxHandleBlocks; i++)
            {
                if (_heap.IndexOf(_heap.Memory.Word(ring + ((start + i) % capacity * 8))) is >= 0 and var index) yield return Microtask(_heap[index]);
            }

            queue = _heap.Memory.Word(queue + (ulong)_heap.Layout.Offset("MicrotaskQueue.next", 48));
            if (queue == first) yield break;
        }
    }

    /// <summary>A task is a reaction (what has happened, the context, the function, its promise), or a function to call.</summary>
    private PendingWork Microtask(HeapObject task)
    {
        for (int at = 8; at + 8 <= task.Size; at += 8)
        {
            if (_heap.TryFollow(task, at, out HeapObject function) && function.Kind is ObjectKind.Function or ObjectKind.BoundFunction) return Of("microtask", task.Traits.ClassName, function, task);
        }

        // Async functions go on by themselves: the task leads to their generator.
        for (int at = 8; at + 8 <= task.Size; at += 8)
        {
            if (_heap.TryFollow(task, at, out HeapObject part) && part.Kind is ObjectKind.Generator or ObjectKind.Promise) return new PendingWork("microtask", task.Traits.ClassName, _values.Read(part, 0).Text, "", task.Address);
        }

        return new PendingWork("microtask", task.Traits.ClassName, "", "", task.Address);
    }

    private IEnumerable<PendingWork> Ticks()
    {
        foreach (ObjectView buffer in ObjectView.Instances(core, name => name == "FixedCircularBuffer", work))
        {
            if (buffer.Number("bottom") is not { } bottom || buffer.Number("top") is not { } top || buffer.View("list") is not { } list) continue;
            if (!_heap.TryFollow(list.Object, V8Layout.Elements, out HeapObject elements)) continue;
            int size = elements.Words - 2;
            for (int i = (int)bottom, steps = 0; size > 0 && i != (int)top && steps < size; i = (i + 1) % size, steps++)
            {
                if (!_heap.TryFollow(elements, V8Layout.ArrayData + (8 * Math.Max(0, i)), out HeapObject tick) || !tick.Traits.IsJSObject) continue;
                if (new ObjectView(core, tick).View("callback") is { } callback) yield return Of("next_tick", "TickObject", callback.Object, tick);
            }
        }
    }

    private IEnumerable<PendingWork> Immediates()
    {
        foreach (ObjectView immediate in ObjectView.Instances(core, name => name == "Immediate", work))
        {
            if (immediate.Boolean("_destroyed") == false && immediate.View("_onImmediate") is { } callback) yield return Of("immediate", "Immediate", callback.Object, immediate.Object);
        }
    }

    private PendingWork Of(string queue, string kind, HeapObject function, HeapObject task) =>
        new(queue, kind, _values.Read(function, 0).Text, function.Kind == ObjectKind.Function ? FunctionList.Location(core, function) : "", task.Address);
}

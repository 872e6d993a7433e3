using System.Runtime.InteropServices;
using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// Which objects the roots keep alive, by V8's rules: weak references keep nothing, an entry of a WeakMap keeps its value
/// once its key is kept. What is left is garbage that was not collected yet.
/// </summary>
internal sealed class Reachability : IDisposable
{
    private readonly V8Heap _heap;
    private readonly Work _work;
    private readonly Column<int> _stack;
    private readonly BitColumn _awaited;
    private readonly Dictionary<int, List<int>> _valuesByKey = [];
    private int _depth;

    private Reachability(V8Heap heap, Work work)
    {
        _heap = heap;
        _work = work;
        Marked = new BitColumn(Math.Max(1, heap.Count));
        _stack = new Column<int>(Math.Max(1, heap.Count));
        _awaited = new BitColumn(Math.Max(1, heap.Count));
    }

    /// <summary>A bit for each object: whether it is kept.</summary>
    public BitColumn Marked { get; }

    /// <param name="heap">The heap.</param>
    /// <param name="isolate">The isolate's Heap, as pages name it: what is in those of others is not looked at.</param>
    /// <param name="roots">What is kept from outside.</param>
    /// <param name="work">Cancellation.</param>
    public static Reachability Run(V8Heap heap, ulong isolate, IEnumerable<int> roots, Work work)
    {
        var marking = new Reachability(heap, work);
        try
        {
            HeapPage[] others = [.. heap.Pages.All.Where(p => !p.IsReadOnly && p.Heap != isolate)];
            marking.SetAll(others, true);
            // What all isolates share is never collected.
            foreach (HeapPage page in heap.Pages.All.Where(p => p.IsReadOnly))
            {
                for (int i = page.FirstObject; i < page.EndObject; i++) marking.Mark(i);
            }

            foreach (int root in roots) marking.Mark(root);
            marking.Drain();
            marking.SetAll(others, false);
            return marking;
        }
        finally
        {
            marking._stack.Dispose();
            marking._awaited.Dispose();
            marking._valuesByKey.Clear();
        }
    }

    public void Dispose() => Marked.Dispose();

    private void SetAll(HeapPage[] pages, bool marked)
    {
        foreach (HeapPage page in pages)
        {
            for (int i = page.FirstObject; i < page.EndObject; i++) Marked[i] = marked;
        }
    }

    private void Mark(int index)
    {
        if (index < 0 || Marked[index]) return;
        Marked[index] = true;
        _stack[_depth++] = index;
    }

    private void Drain()
    {
        for (int steps = 0; _depth > 0; steps++)
        {
            _work.ThrowIfCancelled(steps);
            int index = _stack[--_depth];
            Visit(_heap[index]);
            if (!_awaited[index]) continue;
            foreach (int value in _valuesByKey[index]) Mark(value);
        }
    }

    private void Visit(HeapObject visited)
    {
        Mark(_heap.IndexOf(visited.Map.Address));
        switch (visited.Kind)
        {
            case ObjectKind.EphemeronHashTable:
                VisitEphemerons(visited);
                return;
            case ObjectKind.InstructionStream:
            case ObjectKind.Code when visited.Traits.Body == ObjectBody.Instructions:
                VisitInstructions(visited);
                return;
        }

        if (visited.Kind == ObjectKind.Function && _heap.CodeTable is not null) Mark(_heap.CodeOf(visited));
        (int from, int end) = References.Range(visited, _heap.Layout);
        ReadOnlySpan<ulong> words = visited.WordsFrom(0);
        for (int i = from >> 3; i < Math.Min(end >> 3, words.Length); i++)
        {
            ulong word = words[i];
            if ((word & 7) == 1 && !References.IsWeakField(visited, i << 3, _heap.Layout)) Mark(_heap.IndexOf(word));
        }
    }

    private void VisitEphemerons(HeapObject table)
    {
        foreach ((int key, int value) in References.Ephemerons(table, _heap))
        {
            if (value < 0) continue;
            if (key < 0 || Marked[key])
            {
                if (key >= 0) Mark(value);
                continue;
            }

            _awaited[key] = true;
            ref List<int>? values = ref CollectionsMarshal.GetValueRefOrAddDefault(_valuesByKey, key, out _);
            (values ??= []).Add(value);
        }
    }

    /// <summary>Machine code has references among its instructions, at any byte.</summary>
    private void VisitInstructions(HeapObject code)
    {
        foreach (int target in References.InCode(code, _heap))
        {
            // Optimized code lets maps and JavaScript objects go that it was made for.
            if (!References.IsWeakInCode(_heap.KindOf(target))) Mark(target);
        }
    }
}

using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// What keeps objects of an isolate alive from outside its heap, in the order of V8's own snapshots.
/// Source: V8, Heap::IterateRoots and Isolate::Iterate.
/// </summary>
internal sealed class RootFinder
{
    /// <summary>How far below an entry frame it is written where the JavaScript before it was left.</summary>
    private const ulong OuterExitFrame = 0x40;

    private readonly CoreImage _image;
    private readonly V8Heap _heap;
    private readonly V8Layout _layout;
    private readonly AddressSpace _memory;
    private readonly IsolateInfo _isolate;
    private readonly VersionTable _table;
    private readonly List<RootEdge> _edges = [];
    private readonly HashSet<ulong> _followed = [];
    private readonly long _most;
    private long _read;
    private long _missing;

    private RootFinder(CoreImage image, V8Heap heap, IsolateInfo isolate)
    {
        _image = image;
        _heap = heap;
        _layout = heap.Layout;
        _memory = heap.Memory;
        _isolate = isolate;
        _table = heap.Table;

        // Each place is a word of its own; some are looked at in two ways.
        _most = 2 * image.Memory.Bytes / V8Layout.Word;
    }

    public static List<RootEdge> Run(CoreImage image, V8Heap heap, IsolateInfo isolate, Work work)
    {
        work.ThrowIfCancelled();
        var finder = new RootFinder(image, heap, isolate);
        if (isolate.IsKnown) finder.FindAll();
        else finder.FindByLooks();
        return finder._edges;
    }

    private void FindAll()
    {
        RootsTable();
        BuiltinTable();
        ThreadLocals();
        GlobalHandles();
        HandleScopes();
        EternalHandles();
        TracedHandles();
        MicrotaskQueues();
        Slots("CompilationCache.slot.", "Isolate.compilation_cache", RootCategory.CompilationCache);
        Slots("Debug.slot.", "Isolate.debug", RootCategory.Debugger);
        Bootstrapper();
        Vector("Isolate.startup_object_cache_vector", RootCategory.StartupObjectCache);
        Vector("Isolate.shared_heap_object_cache_vector", RootCategory.ShareableObjectCache);
        StrongRootsList();
        PersistentHandles();
        Stack();
        StringTable();
    }

    private ulong At(string field) => _isolate.Address + (ulong)_layout.Offset(field, 0);

    /// <summary>A word that lists, or is, something that keeps objects alive.</summary>
    private ulong Read(ulong address)
    {
        bool isThere = _memory.TryWord(address, out ulong word);
        if (isThere ? ++_read <= _most : ++_missing <= Limits.MaxMissingRoots) return word;
        string found = isThere ? "more entries than the core has words of memory" : $"more than {Limits.MaxMissingRoots} entries that are not in the core (limit {nameof(Limits.MaxMissingRoots)})";
        throw new InputException($"{_image.Name}: found {found} in lists of what keeps objects alive, expected each entry in a place of its own. "
            + "The core is damaged, or was written while the process ran; take it again.");
    }

    /// <summary>Whether there is a next block or entry of a list that was not followed yet.</summary>
    private bool IsNext(ulong address) => address != 0 && _followed.Add(address);

    private void Add(string category, string? name, ulong reference, bool isWeak = false)
    {
        // A word with no tag is a small integer; one with the weak tag is weak wherever it is.
        if (_heap.IndexOf(reference) is >= 0 and var found) _edges.Add(new RootEdge(category, name, found, isWeak || (reference & 3) == 3));
    }

    private void RootsTable()
    {
        ulong table = At("Roots.table");
        int readOnly = _layout.Offset("Roots.read_only_count", 0), smis = _layout.Offset("Roots.smi_first", 0);
        string strong = _layout.Version < 1204 ? RootCategory.StrongRoots : RootCategory.StrongRootList;
        for (int i = 0; i < Math.Min(smis, _table.Roots.Count); i++)
            Add(i < readOnly ? RootCategory.ReadOnlyRoots : strong, _table.Roots[i], _memory.Word(table + ((ulong)i * 8)));
    }

    private void BuiltinTable()
    {
        ulong table = At("Builtins.table");
        for (int i = 0; i < _table.Builtins.Count; i++) Add(RootCategory.Builtins, _table.Builtins[i], _memory.Word(table + ((ulong)i * 8)));
    }

    private void ThreadLocals()
    {
        ulong top = At("Isolate.thread_local_top");
        for (int i = 0; _layout.Offset($"ThreadLocalTop.visited_in_order.{i}", 0) is > 0 and var offset; i++)
            Add(RootCategory.StackRoots, null, _memory.Word(top + (ulong)offset));
        for (int i = 0; _layout.Offset($"Isolate.extra_stack_root.{i}", 0) is > 0 and var offset; i++)
            Add(RootCategory.StackRoots, null, _memory.Word(_isolate.Address + (ulong)offset));
    }

    private void GlobalHandles()
    {
        ulong handles = _memory.Word(At("Isolate.global_handles"));
        ulong space = _memory.Word(handles + (ulong)_layout.Offset("GlobalHandles.node_space_ptr", 8));
        ulong block = _memory.Word(space + (ulong)_layout.Offset("GlobalHandles.node_space_first_used_block", 16));
        int nodes = _layout.Offset("GlobalHandles.block_nodes", 256), size = _layout.Offset("GlobalHandles.node_size", 32);
        int mask = _layout.Offset("GlobalHandles.state_mask", 3);
        ulong next = (ulong)_layout.Offset("GlobalHandles.next_used", 8216);
        for (int blocks = 0; IsNext(block) && blocks < Limits.MaxHandleBlocks; blocks++, block = _memory.Word(block + next))
        {
            for (int i = 0; i < nodes; i++)
            {
                ulong node = block + ((ulong)i * (ulong)size);
                int state = (_memory.Int32(node + 8) >> 24) & mask;
                ulong handle = Read(node);
                if (state != 0) Add(RootCategory.GlobalHandles, null, handle, isWeak: state != 1);
            }
        }
    }

    private void HandleScopes()
    {
        ulong data = At("Isolate.handle_scope_data"), implementer = _memory.Word(At("Isolate.handle_scope_implementer"));
        ulong next = _memory.Word(data), blocks = _memory.Word(implementer + 8), count = _memory.Word(implementer + 24);
        ulong blockBytes = (ulong)_layout.Offset("HandleScopeImplementer.block_bytes", 8176);
        for (ulong i = 0; i < Math.Min(count, Limits.MaxHandleBlocks); i++)
        {
            ulong block = Read(blocks + (i * 8));
            ulong end = next > block && next <= block + blockBytes ? next : block + blockBytes;
            Words(RootCategory.HandleScope, block, end);
        }

        foreach (string vector in (string[])["HandleScopeImplementer.saved_contexts_vec", "HandleScopeImplementer.entered_contexts_vec"])
        {
            ulong at = implementer + (ulong)_layout.Offset(vector, 0);
            ulong start = _memory.Word(at);
            Words(RootCategory.HandleScope, start, start + (8 * Math.Min(_memory.Word(at + 16), Limits.MaxHandleBlocks)));
        }
    }

    private void Words(string category, ulong from, ulong end, string? name = null)
    {
        if (end < from || end - from > (ulong)Limits.MaxStackBytes) return;
        for (ulong at = 0; at < end - from; at += 8) Add(category, name, Read(from + at));
    }

    private void EternalHandles()
    {
        ulong eternal = _memory.Word(At("Isolate.eternal_handles"));
        long count = _memory.Int32(eternal);
        ulong blocks = _memory.Word(eternal + 8);
        for (long i = 0; i < Math.Min(count, Limits.MaxHandleBlocks); i++)
        {
            ulong block = _memory.Word(blocks + ((ulong)(i / 256) * 8));
            Add(RootCategory.EternalHandles, null, Read(block + ((ulong)(i % 256) * 8)));
        }
    }

    /// <summary>Handles from C++ objects that V8's collector of those traces.</summary>
    private void TracedHandles()
    {
        int offset = _layout.Offset("TracedHandles.nodes", 0);
        if (offset == 0) return;
        ulong handles = At("Isolate.traced_handles");
        if (_layout.Offset("Isolate.traced_handles_is_pointer", 0) == 1) handles = _memory.Word(handles);

        // It is made with the first handle: a pointer to the implementation, or the blocks themselves.
        ulong block = _memory.Word(handles + (ulong)_layout.Offset("TracedHandles.first_block", 0));
        int size = _layout.Offset("TracedHandles.node_size", 16);
        for (int blocks = 0; IsNext(block) && blocks < Limits.MaxHandleBlocks; blocks++)
        {
            int capacity = _memory.Int32(block + (ulong)_layout.Offset("TracedHandles.cap", 58)) & 0xFFFF;
            for (int i = 0; i < capacity; i++)
            {
                ulong node = block + (ulong)offset + ((ulong)i * (ulong)size);
                ulong handle = Read(node);
                if ((_memory.Int32(node + (ulong)_layout.Offset("TracedHandles.flags_u8", 12)) & 1) != 0) Add(RootCategory.TracedHandles, null, handle);
            }

            block = _memory.Word(block + (ulong)_layout.Offset("TracedHandles.next", 8));
        }
    }

    private void MicrotaskQueues()
    {
        ulong queue = _memory.Word(At("Isolate.default_microtask_queue"));
        string category = _layout.Version < 1204 ? RootCategory.StrongRoots : RootCategory.MicroTasks;
        for (int queues = 0; IsNext(queue) && queues < Limits.MaxHandleBlocks; queues++)
        {
            ulong size = _memory.Word(queue + 8), capacity = _memory.Word(queue + 16), start = _memory.Word(queue + 24), ring = _memory.Word(queue + 32);
            for (ulong i = 0; i < Math.Min(size, capacity) && i < Limits.MaxHandleBlocks; i++)
                Add(category, null, Read(ring + ((start + i) % capacity * 8)));
            queue = _memory.Word(queue + (ulong)_layout.Offset("MicrotaskQueue.next", 48));
        }
    }

    private void Slots(string names, string field, string category)
    {
        ulong owner = _memory.Word(At(field));
        for (int i = 0; owner != 0 && _layout.Offset(names + i, 0) is > 0 and var offset; i++) Add(category, null, _memory.Word(owner + (ulong)offset));
    }

    private void Bootstrapper()
    {
        ulong bootstrapper = _memory.Word(At("Isolate.bootstrapper"));
        Add(RootCategory.Extensions, null, _memory.Word(bootstrapper + (ulong)_layout.Offset("Bootstrapper.extensions", 24)));
    }

    private void Vector(string field, string category)
    {
        ulong begin = _memory.Word(At(field)), end = _memory.Word(At(field) + 8);
        Words(category, begin, end);
    }

    private void StrongRootsList()
    {
        int offset = _layout.Offset("Isolate.heap_strong_roots_head", 0);
        if (offset == 0) return;
        ulong entry = _memory.Word(_isolate.Heap + (ulong)offset);
        for (int i = 0; IsNext(entry) && i < Limits.MaxHandleBlocks; i++)
        {
            Words(RootCategory.StrongRoots, _memory.Word(entry + 8), _memory.Word(entry + 16));
            entry = _memory.Word(entry + 32);
        }
    }

    /// <summary>Handles that background compilers hold.</summary>
    private void PersistentHandles()
    {
        // A list of PersistentHandles: isolate, blocks (a vector), and the next unused handle of the last block.
        ulong handles = _memory.Word(_memory.Word(At("Isolate.persistent_handles_list")));
        if (handles == 0 || _memory.Word(handles) != _isolate.Address) return;
        ulong begin = _memory.Word(handles + 8), end = _memory.Word(handles + 16), next = _memory.Word(handles + 32);
        for (ulong at = 0; begin <= end && at < Math.Min(end - begin, Limits.MaxHandleBlocks); at += 8)
        {
            ulong block = Read(begin + at);
            ulong last = block + (ulong)_layout.Offset("HandleScopeImplementer.block_bytes", 8176);
            Words(RootCategory.HandleScope, block, next > block && next <= last ? next : last);
        }
    }

    /// <summary>
    /// Words of JavaScript's frames that are references: from the frame that left JavaScript, or the current one where it was
    /// running, frame by frame to the one that entered it, and on to the next part of the stack that is JavaScript's.
    /// </summary>
    private void Stack()
    {
        if (_isolate.Thread < 0) return;
        CoreThread thread = _image.Notes.Threads[_isolate.Thread];
        MemoryRange stack = _memory.Find(thread.StackPointer);
        if (stack.DataSize == 0) return;
        ulong frame = _memory.Word(At("Isolate.thread_local_top") + (ulong)_layout.Offset("ThreadLocalTop.c_entry_fp", 0));
        if (frame == 0)
        {
            foreach (ulong register in thread.All) Add(RootCategory.StackRoots, null, register);
            frame = thread.FramePointer;
            if (frame > thread.StackPointer && frame < stack.DataEnd) Words(RootCategory.StackRoots, thread.StackPointer & ~7UL, frame);
        }

        for (int frames = 0; frames < Limits.MaxFrames && frame >= thread.StackPointer && frame < stack.DataEnd; frames++)
        {
            ulong next = _memory.Word(IsEntry(frame) ? frame - OuterExitFrame : frame);
            if (next <= frame || next >= stack.DataEnd) break;
            if (!IsEntry(frame)) Words(RootCategory.StackRoots, frame + 16, next);
            frame = next;
        }
    }

    /// <summary>Whether a frame is where C++ entered JavaScript: it has its type where others have a context.</summary>
    private bool IsEntry(ulong frame) => _memory.Word(frame - 8) >> 1 is 1 or 2;

    private void StringTable()
    {
        ulong table = _memory.Word(At("Isolate.string_table"));
        ulong data = _memory.Word(table);
        ulong capacity = (uint)_memory.Int32(data + 16);
        for (ulong i = 0; i < capacity; i++)
            Add(RootCategory.InternalizedStrings, null, Read(data + 24 + (i * 8)), isWeak: true);
    }

    /// <summary>Where the isolate's fields are not known: whatever near the heap's own fields, and on stacks, looks like a reference.</summary>
    private void FindByLooks()
    {
        const ulong Around = 0x14000, After = 0x3000;
        Words(RootCategory.Isolate, _isolate.Heap - Math.Min(_isolate.Heap, Around), _isolate.Heap + After);
        var stacks = new HashSet<ulong>();
        foreach (CoreThread thread in _image.Notes.Threads.OrderBy(t => t.StackPointer))
        {
            MemoryRange stack = _memory.Find(thread.StackPointer);
            if (stack.DataSize > 0 && stacks.Add(stack.Start))
                Words(RootCategory.StackRoots, thread.StackPointer & ~7UL, Math.Min(stack.DataEnd, thread.StackPointer + Limits.MaxStackBytes));
        }
    }
}

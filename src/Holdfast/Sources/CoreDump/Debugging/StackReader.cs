using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Threads and their stacks: JavaScript and native frames together.</summary>
internal sealed class StackReader
{
    private readonly CoreSession _core;
    private readonly MachineCode _code;
    private readonly StackWalker _walker;
    private readonly JavaScriptFrames _frames;
    private readonly FunctionSymbols? _symbols;

    /// <param name="core">The core.</param>
    /// <param name="mostScans">How often a stack is looked through where the chain of frames is broken.</param>
    /// <param name="mostArguments">Arguments of a frame that are shown.</param>
    public StackReader(CoreSession core, int mostScans = Limits.MaxStackScans, int mostArguments = Limits.MaxFrameArguments)
    {
        _core = core;
        _code = new MachineCode(core);
        _walker = new StackWalker(core, _code, mostScans);
        _frames = new JavaScriptFrames(core, mostArguments);
        if (core.Image.Program is { } program) _symbols = new FunctionSymbols(program, ElfHeader.Read(program));
    }

    /// <summary>The number of a thread, from 0, by what the user calls it: its name in Node, or the system's id; -1 where there is none.</summary>
    public int IndexOf(string name)
    {
        IReadOnlyList<CoreThread> threads = _core.Image.Notes.Threads;
        string? Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (_core.Isolates.FirstOrDefault(i => i.Name == name || Text(i.Number) == name) is { Thread: >= 0 } isolate) return isolate.Thread;
        for (int i = 0; i < threads.Count; i++)
        {
            if (Text(threads[i].Id) == name) return i;
        }

        return -1;
    }

    public int ThreadCount => _core.Image.Notes.Threads.Count;

    /// <summary>A thread with at most so many of its frames.</summary>
    /// <param name="index">The thread, from 0.</param>
    /// <param name="most">Frames that are read.</param>
    /// <param name="left">Frames of the stack that were not.</param>
    public ThreadStack Read(int index, int most, out int left)
    {
        CoreNotes notes = _core.Image.Notes;
        CoreThread thread = notes.Threads[index];
        IsolateInfo? isolate = _core.Isolates.FirstOrDefault(i => i.Thread == index);
        List<RawFrame> raw = _walker.Walk(thread, isolate, out string? problem);
        var frames = new List<StackFrame>();
        int at = 0;
        for (; at < raw.Count && frames.Count < most; at++)
        {
            foreach (StackFrame frame in Read(raw[at], at + 1 < raw.Count ? raw[at + 1] : null)) frames.Add(frame with { Number = frames.Count });
        }

        left = raw.Count - at;
        return new ThreadStack(index + 1, thread.Id, isolate?.Name, thread.Signal == 0 ? null : Signals.Name(thread.Signal), frames)
        {
            IsCrashed = index == 0 && Crashes.IsCrash(notes),
            Exception = isolate is null ? null : Exception(isolate),
            Problem = problem,
        };
    }

    /// <summary>What ended the process, from its notes and the frames of the thread that had the signal.</summary>
    public CrashReason? Crash()
    {
        if (ThreadCount == 0) return null;
        return Crashes.Read(_core.Image.Notes, Read(0, MostOfCrash, out _));
    }

    private const int MostOfCrash = 64;

    private List<StackFrame> Read(RawFrame raw, RawFrame? caller)
    {
        if (raw.Place.Tier != CodeKind.None) return _frames.Read(raw, caller);
        CoreFile file = _walker.FileAt(raw.Pc);
        string? module = file.Path is null ? null : $"{Path.GetFileName(file.Path)}+0x{raw.Pc - file.Start + file.Offset:x}";

        // A call's return address may be the first of the next function, where the callee never returns.
        string? symbol = _symbols?.Find((raw.IsTop ? raw.Pc : raw.Pc - 1) - _core.Image.ProgramBias);
        var frame = new StackFrame(0, FrameKind.Native, symbol is null ? module ?? "???" : CxxNames.Show(symbol))
        {
            Module = module,
            InstructionPointer = raw.Pc,
            FramePointer = raw.Frame,
            Problem = symbol is null && module is null ? "the address is of no file and no code of V8" : null,
        };
        return [frame];
    }

    private FrameValue? Exception(IsolateInfo isolate)
    {
        V8Layout layout = _core.Heap.Layout;
        int offset = layout.Offset("ThreadLocalTop.exception", 0);
        if (!isolate.IsKnown || offset == 0) return null;
        ulong word = _core.Heap.Memory.Word(isolate.Address + (ulong)(layout.Offset("Isolate.thread_local_top", 0) + offset));
        if (_core.Heap.IndexOf(word) is not (>= 0 and var index) || IsHole(_core.Heap[index])) return null;
        return _frames.Values.Thrown(word);
    }

    private bool IsHole(HeapObject value) =>
        value.Kind == ObjectKind.Hole || (value.Kind == ObjectKind.Oddball && _core.Strings.Read(value[16]) is "hole" or "the_hole" or "the_hole_value");
}

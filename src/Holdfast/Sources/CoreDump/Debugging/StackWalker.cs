using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// The frames of a thread by their frame pointers: V8's code and Node's own C++ have them. Where a library's code has none, the stack goes on
/// at the next two words that are a frame which leads to where V8 says that JavaScript was left, or there.
/// </summary>
internal sealed class StackWalker
{
    /// <summary>How far below an entry frame it is written where the JavaScript before it was left.</summary>
    private const ulong OuterExitFrame = 0x40;

    /// <summary>How far a frame is looked for where the chain is broken.</summary>
    private const ulong LookedThrough = 1 << 16;

    private const int MostSteps = 1 << 12;

    private readonly CoreSession _core;
    private readonly MachineCode _code;
    private readonly AddressSpace _memory;
    private readonly CoreFile[] _files;
    private readonly ulong[] _fileStarts;
    private readonly int _mostScans;

    /// <param name="core">The core.</param>
    /// <param name="code">Its machine code.</param>
    /// <param name="mostScans">How often the stack is looked through where the chain is broken.</param>
    public StackWalker(CoreSession core, MachineCode code, int mostScans = Limits.MaxStackScans)
    {
        _mostScans = mostScans;
        _core = core;
        _code = code;
        _memory = core.Heap.Memory;
        _files = [.. core.Image.Notes.MappedFiles.OrderBy(f => f.Start)];
        _fileStarts = [.. _files.Select(f => f.Start)];
    }

    /// <summary>The frames, innermost first.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="isolate">What it runs, if it is JavaScript.</param>
    /// <param name="problem">What kept frames from being found; null where nothing did.</param>
    /// <param name="most">Frames that are followed.</param>
    public List<RawFrame> Walk(CoreThread thread, IsolateInfo? isolate, out string? problem, int most = Limits.MaxFrames)
    {
        problem = null;
        var frames = new List<RawFrame>();
        ulong low = thread.StackPointer, end = Math.Min(_memory.EndOf(low), low + Limits.MaxStackBytes);
        if (end <= low)
        {
            problem = "the thread's stack is not in the core";
            end = low;
        }

        ulong exit = isolate is { IsKnown: true } ? _memory.Word(TopOf(isolate)) : 0;
        int scans = 0;
        ulong Next(ulong frame, bool canLook) =>
            IsFrame(frame, low, end) ? frame : canLook && scans++ < _mostScans ? Look(low, end, exit) : 0;
        Add(frames, thread.InstructionPointer, Next(thread.FramePointer, true));
        while (frames.Count < most)
        {
            RawFrame last = frames[^1];
            ulong pc = 0, next = 0;
            if (last.Frame != 0)
            {
                if (last.Frame == exit) exit = 0;
                if (IsEntry(last)) exit = _memory.PeekWord(last.Frame - OuterExitFrame);
                low = last.Frame + 16;
                pc = _memory.Word(last.Frame + 8);
                next = _memory.Word(last.Frame);
            }

            if (IsExecutable(pc)) Add(frames, pc, Next(next, exit != 0));
            else if (IsFrame(exit, low, end)) Add(frames, _memory.PeekWord(_memory.PeekWord(exit - 16) - 8), exit);
            else return frames;
        }

        problem = $"there are more than {most} frames (limit {nameof(Limits.MaxFrames)})";
        return frames;
    }

    /// <summary>The file an address is mapped from; no path where it is none.</summary>
    public CoreFile FileAt(ulong address)
    {
        int found = Array.BinarySearch(_fileStarts, address);
        if (found < 0) found = ~found - 1;
        return found >= 0 && address < _files[found].End ? _files[found] : default;
    }

    private void Add(List<RawFrame> frames, ulong pc, ulong frame) => frames.Add(new RawFrame(pc, frame, _code.Find(pc), frames.Count == 0));

    private ulong TopOf(IsolateInfo isolate) =>
        isolate.Address + (ulong)_core.Heap.Layout.Offset("Isolate.thread_local_top", 0) + (ulong)_core.Heap.Layout.Offset("ThreadLocalTop.c_entry_fp", 0);

    private static bool IsFrame(ulong frame, ulong low, ulong end) => (frame & 7) == 0 && frame >= low && frame < end && end - frame >= 16;

    private bool IsEntry(RawFrame frame) => frame.Place.Tier == CodeKind.Builtin && _memory.PeekWord(frame.Frame - 8) is 2 or 4;

    /// <summary>The first two words that can be a frame: they lead to another one, and on to where JavaScript was left, if it was.</summary>
    private ulong Look(ulong low, ulong end, ulong exit)
    {
        if (end - low < 16) return 0;
        ulong last = Math.Min(end - 16, low + LookedThrough);
        for (ulong at = (low + 7) & ~7UL; at <= last; at += 8)
        {
            if (at == exit) return 0;
            ulong next = _memory.PeekWord(at);
            if (!IsFrame(next, at + 16, end) || !IsExecutable(_memory.PeekWord(at + 8)) || !IsExecutable(_memory.PeekWord(next + 8))) continue;
            if (!IsFrame(exit, low, end) || Reaches(at, exit)) return at;
        }

        return 0;
    }

    private bool Reaches(ulong from, ulong exit)
    {
        for (int steps = 0; from < exit && steps < MostSteps; steps++)
        {
            ulong next = _memory.PeekWord(from);
            if (next <= from) return false;
            from = next;
        }

        return from == exit;
    }

    private bool IsExecutable(ulong address) =>
        address >= 4096 && ((_memory.Find(address).Flags & 1) != 0 || FileAt(address).Path is not null || _code.Find(address).Tier != CodeKind.None);
}

/// <summary>A frame as the stack has it.</summary>
/// <param name="Pc">Where its code goes on.</param>
/// <param name="Frame">Its frame pointer, 0 where it has none.</param>
/// <param name="Place">V8's code there.</param>
/// <param name="IsTop">Whether the thread was in it.</param>
internal readonly record struct RawFrame(ulong Pc, ulong Frame, CodePlace Place, bool IsTop);

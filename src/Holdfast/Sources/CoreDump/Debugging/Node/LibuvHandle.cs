using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.Debugging.Node;

/// <summary>
/// A handle of libuv in the native part of one of Node's objects, found by what it must have: its first field leads back to that part, its
/// type is one there is. Source: libuv, include/uv.h and include/uv/unix.h; Node, src/handle_wrap.cc.
/// </summary>
/// <param name="Memory">The process's memory.</param>
/// <param name="Address">Where the handle is.</param>
internal readonly record struct LibuvHandle(AddressSpace Memory, ulong Address)
{
    /// <summary>Bytes of an event loop up to its clock.</summary>
    public const ulong LoopBytes = LoopTime + 8;

    /// <summary>Bytes of a native part in which its handle is looked for.</summary>
    private const ulong NativeBytes = 512;

    private const int LoopField = 8;
    private const int TypeField = 16;
    private const int FlagsField = 88;
    private const int DatagramDescriptor = 176;
    private const int StreamDescriptor = 184;
    private const ulong LoopTime = 544;
    private const uint ClosingOrClosed = 3;
    private const uint Active = 4;
    private const uint Referenced = 8;

    private static readonly string[] Types =
        ["", "async", "check", "fs_event", "fs_poll", "handle", "idle", "pipe", "poll", "prepare", "process", "stream", "tcp", "timer", "tty", "udp", "signal"];

    public string Type => Types[Memory.Int32(Address + TypeField)];

    public bool IsClosing => (Flags & ClosingOrClosed) != 0;

    public bool IsActive => (Flags & Active) != 0;

    /// <summary>Whether it keeps the process alive.</summary>
    public bool IsReferenced => (Flags & Referenced) != 0;

    /// <summary>The event loop it belongs to.</summary>
    public ulong Loop => Memory.Word(Address + LoopField);

    /// <summary>The loop's clock when it last went round, in milliseconds.</summary>
    public ulong LoopClock => Memory.Word(Loop + LoopTime);

    /// <summary>The file descriptor, or null where this kind has none, or it is not open.</summary>
    public int? Descriptor
    {
        get
        {
            ulong at = Type switch { "tcp" or "pipe" or "tty" => StreamDescriptor, "udp" => DatagramDescriptor, _ => 0 };
            return at > 0 && Memory.Int32(Address + at) is >= 0 and < 1 << 20 and var descriptor ? descriptor : null;
        }
    }

    private uint Flags => (uint)Memory.Int32(Address + FlagsField);

    public static LibuvHandle? Find(AddressSpace memory, ulong native)
    {
        if (native == 0) return null;
        for (ulong at = native + 8; at < native + NativeBytes; at += 8)
        {
            ulong handle = memory.PeekWord(at);
            if (handle == 0 || (handle & 7) != 0 || memory.PeekWord(handle) != native) continue;
            if ((uint)memory.PeekWord(handle + TypeField) is > 0 and < 17 && memory.PeekWord(handle + LoopField) != 0) return new LibuvHandle(memory, handle);
        }

        return null;
    }
}

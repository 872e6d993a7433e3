using System.Buffers.Binary;

namespace Holdfast.Sources.CoreDump.Elf;

/// <summary>A thread of the process: what its registers held. Source: Linux, struct elf_prstatus and the user_regs_struct of each machine.</summary>
/// <param name="Id">The system's thread id.</param>
/// <param name="StackPointer">Top of its stack.</param>
/// <param name="FramePointer">Its current frame.</param>
/// <param name="InstructionPointer">Where it was.</param>
/// <param name="ThreadPointer">Where its thread-local storage is.</param>
internal sealed record CoreThread(int Id, ulong StackPointer, ulong FramePointer, ulong InstructionPointer, ulong ThreadPointer)
{
    /// <summary>Where registers begin in the note.</summary>
    public const int Registers = 112;

    /// <summary>The registers as they are in the note, for those who look for pointers.</summary>
    public ulong[] All { get; private init; } = [];

    /// <summary>The signal it was stopped by, 0 where there was none.</summary>
    public int Signal { get; private init; }

    public static CoreThread? TryRead(ReadOnlySpan<byte> status, ushort machine)
    {
        int count = machine == ElfHeader.MachineArm64 ? 34 : 27;
        if (status.Length < Registers + (count * 8)) return null;
        int id = BinaryPrimitives.ReadInt32LittleEndian(status[32..]);
        int signal = BinaryPrimitives.ReadInt16LittleEndian(status[12..]);
        var all = new ulong[count];
        for (int i = 0; i < count; i++) all[i] = BinaryPrimitives.ReadUInt64LittleEndian(status[(Registers + (i * 8))..]);
        return machine == ElfHeader.MachineArm64
            ? new CoreThread(id, all[31], all[29], all[32], 0) { All = all, Signal = signal }
            : new CoreThread(id, all[19], all[4], all[16], all[21]) { All = all, Signal = signal };
    }
}

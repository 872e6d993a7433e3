using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>
/// Places in stack frames where numbers say what the frame is: its kind, how many arguments it has, how far its bytecode has run. They
/// are right below where a frame pointer points.
/// </summary>
internal sealed class FrameSlots
{
    private const int Slots = 6;
    private const ulong MostMark = 1 << 16;
    private const ulong MostOffset = 1 << 24;

    private readonly HashSet<ulong> _slots = [];

    public FrameSlots(CoreImage image, List<(ulong Start, ulong End)> stacks, KnownAddresses known)
    {
        foreach ((ulong start, ulong end) in stacks)
        {
            foreach (CoreThread thread in image.Notes.Threads.Where(t => t.StackPointer >= start && t.StackPointer < end)) Add(thread.FramePointer, start, end);
            for (ulong at = start; at + 8 <= end; at += 8)
            {
                ulong frame = image.Memory.Word(at);
                if (frame > at && frame < end && known.Contains(image.Memory.Word(frame + 8))) Add(frame, start, end);
            }
        }
    }

    /// <summary>Whether a word that is no address stays.</summary>
    public bool Stays(ulong at, ulong word) =>
        _slots.Contains(at) && ((uint)word == 0 ? word >> 32 < MostOffset : word < MostMark);

    private void Add(ulong frame, ulong start, ulong end)
    {
        if ((frame & 7) != 0 || frame < start || frame >= end) return;
        for (ulong slot = 1; slot <= Slots; slot++) _slots.Add(frame - (8 * slot));
    }
}

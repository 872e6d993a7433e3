using System.Text;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.Debugging.Node;

/// <summary>
/// Arguments and environment as the kernel put them on the main thread's stack when the process began: a count, pointers to arguments, 0,
/// pointers to the environment, 0, the auxiliary vector.
/// </summary>
internal static class StartStack
{
    private const ulong SearchedBytes = 16 << 20;
    private const ulong ProgramHeaders = 3;

    public static (IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment) Read(CoreImage image)
    {
        if (image.Notes.Threads.Count == 0 || !image.Notes.AuxiliaryVector.TryGetValue(ProgramHeaders, out ulong headers)) return ([], []);
        AddressSpace memory = image.Memory;
        CoreThread main = image.Notes.Threads.MinBy(t => t.Id)!;
        ulong end = memory.EndOf(main.StackPointer) & ~7UL;
        ulong start = Math.Max(main.StackPointer & ~7UL, end > SearchedBytes ? end - SearchedBytes : 0);
        for (ulong at = end; at >= start + 16; at -= 8)
        {
            if (memory.PeekWord(at - 16) != ProgramHeaders || memory.PeekWord(at - 8) != headers) continue;
            return ReadBefore(memory, at - 16, start);
        }

        return ([], []);
    }

    /// <summary>From an entry of the auxiliary vector backwards: keys are small, and pointers are not.</summary>
    private static (IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment) ReadBefore(AddressSpace memory, ulong at, ulong start)
    {
        const ulong LargestKey = 128;
        while (at >= start + 16 && memory.PeekWord(at - 16) is > 0 and < LargestKey) at -= 16;
        List<ulong> environment = Pointers(memory, at - 8, start), arguments = Pointers(memory, at - 16 - (8 * (ulong)environment.Count), start);

        // The word before the arguments is their number, which looks like none of them.
        if (arguments.Count > 0 && arguments[0] == (ulong)arguments.Count - 1) arguments.RemoveAt(0);
        return ([.. arguments.Select(a => Text(memory, a))], [.. environment.Select(e => Text(memory, e))]);
    }

    /// <summary>The words before a word that is 0, back to one that is.</summary>
    private static List<ulong> Pointers(AddressSpace memory, ulong zero, ulong start)
    {
        var found = new List<ulong>();
        for (ulong at = zero - 8; at >= start && found.Count < Limits.MaxEnvironment && memory.PeekWord(at) is > 0 and var pointer; at -= 8)
        {
            found.Add(pointer);
            if (pointer == (ulong)found.Count - 1) break;
        }

        found.Reverse();
        return found;
    }

    private static string Text(AddressSpace memory, ulong address)
    {
        ReadOnlySpan<byte> bytes = memory.Peek(address, Limits.MaxEnvironmentBytes);
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(bytes[..end]);
    }
}

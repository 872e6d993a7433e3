using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>
/// The notes of a packed core: of the system's those that say what threads did, what was mapped and what ended the process, and one
/// with what is known of the program. Notes with arguments and with the contents of vector registers are left out.
/// </summary>
internal static class PackedNotes
{
    private const string ConstantPrefix = "v8dbg_";

    /// <param name="image">The core.</param>
    /// <param name="redacted">Whether values are to be left out: registers keep pointers only.</param>
    public static byte[] Write(CoreImage image, bool redacted)
    {
        using var notes = new MemoryStream();
        image.VisitNotes((name, type, body) =>
        {
            if (!name.SequenceEqual(CoreNotes.Kernel) || type is not (CoreNotes.Status or CoreNotes.Auxiliary or CoreNotes.Files or CoreNotes.SignalInfo)) return;
            byte[] copy = body.ToArray();
            if (redacted && type == CoreNotes.Status) KeepPointers(copy, image.Memory);
            NoteWriter.Append(notes, name, type, copy);
        });
        NoteWriter.Append(notes, CoreNotes.Own, 1, Encoding.UTF8.GetBytes(Describe(image, redacted)));
        return notes.ToArray();
    }

    private static void KeepPointers(byte[] status, AddressSpace memory)
    {
        for (int at = CoreThread.Registers; at + 8 <= status.Length; at += 8)
        {
            Span<byte> register = status.AsSpan(at, 8);
            if (memory.Find(BinaryPrimitives.ReadUInt64LittleEndian(register)).DataSize == 0) register.Clear();
        }
    }

    private static string Describe(CoreImage image, bool redacted)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"v8 {image.Version}\n");
        foreach ((int number, string name) in image.Types.OrderBy(t => t.Key)) text.Append(CultureInfo.InvariantCulture, $"type {number} {name}\n");
        foreach ((string name, int value) in image.Constants.OrderBy(c => c.Key, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"const {name} {value}\n");
        foreach ((string name, ulong address) in image.Symbols.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(ConstantPrefix, StringComparison.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"symbol {name} {address:x}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"tls {image.ThreadLocalBytes}\n");
        if (redacted) text.Append("redacted\n");
        return text.ToString();
    }
}

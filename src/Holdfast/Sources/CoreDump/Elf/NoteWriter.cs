using System.Buffers.Binary;

namespace Holdfast.Sources.CoreDump.Elf;

/// <summary>Writes notes of an ELF file: a name, a type, bytes, each filled up to whole words of four bytes.</summary>
internal static class NoteWriter
{
    public static void Append(Stream notes, ReadOnlySpan<byte> name, uint type, ReadOnlySpan<byte> body)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)name.Length + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], type);
        notes.Write(header);
        WritePadded(notes, name, 1);
        WritePadded(notes, body, 0);
    }

    private static void WritePadded(Stream notes, ReadOnlySpan<byte> bytes, int more)
    {
        notes.Write(bytes);
        for (int i = bytes.Length; i < bytes.Length + more || (i & 3) != 0; i++) notes.WriteByte(0);
    }
}

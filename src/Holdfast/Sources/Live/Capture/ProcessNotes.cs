using System.Buffers.Binary;
using System.Text;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.Live.Capture;

/// <summary>The notes that a core of a stopped process has: threads with registers, the auxiliary vector, mapped files. Source: Linux, fs/binfmt_elf.c.</summary>
internal static class ProcessNotes
{
    private const int StatusBytes = 336;
    private const int StatusId = 32;
    private const ulong PageBytes = 4096;

    public static byte[] Write(ProcFolder proc, StoppedProcess process)
    {
        using var notes = new MemoryStream();
        foreach (int thread in process.Threads)
        {
            var status = new byte[StatusBytes];
            BinaryPrimitives.WriteInt32LittleEndian(status.AsSpan(StatusId), thread);
            process.Registers(thread).CopyTo(status.AsSpan(CoreThread.Registers));
            NoteWriter.Append(notes, CoreNotes.Kernel, CoreNotes.Status, status);
        }

        NoteWriter.Append(notes, CoreNotes.Kernel, CoreNotes.Auxiliary, ReadVector(proc.PathOf(process.Pid, "auxv")));
        NoteWriter.Append(notes, CoreNotes.Kernel, CoreNotes.Files, Files(proc.Text(process.Pid, "maps") ?? ""));
        return notes.ToArray();
    }

    private static byte[] ReadVector(string path)
    {
        // Files of /proc have no length.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var vector = new byte[PageBytes];
        return vector[..file.ReadAtLeast(vector, vector.Length, throwOnEndOfStream: false)];
    }

    private static byte[] Files(string maps)
    {
        List<MemoryMapping> files = [.. MemoryMapping.Parse(maps).Where(m => m.Inode != 0 && m.Path.Length > 0)];
        using var note = new MemoryStream();
        Span<byte> word = stackalloc byte[8];
        void Add(ulong number, Span<byte> buffer)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, number);
            note.Write(buffer);
        }

        Add((ulong)files.Count, word);
        Add(PageBytes, word);
        foreach (MemoryMapping file in files)
        {
            Add(file.Start, word);
            Add(file.End, word);
            Add(file.Offset / PageBytes, word);
        }

        foreach (MemoryMapping file in files) note.Write(Encoding.UTF8.GetBytes(file.Path + '\0'));
        return note.ToArray();
    }
}

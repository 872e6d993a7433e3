using System.Text;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Tests.Fixtures;

/// <summary>Reads snapshots from text and bytes, and writes them.</summary>
internal static class Snapshots
{
    /// <summary>What inputs without a file are called in messages.</summary>
    public const string Name = "test.heapsnapshot";

    public static HeapGraph Read(string text, int threads = 1, List<string>? warnings = null) =>
        Read(Encoding.UTF8.GetBytes(text), threads, warnings);

    public static HeapGraph Read(byte[] text, int threads = 1, List<string>? warnings = null) =>
        SnapshotReader.Read(new MemoryStream(text), Name, text.Length, new Work(warn: warnings is null ? null : warnings.Add, threads: threads));

    /// <summary>Reads a text whose length is known only at its end, as from a pipe or a compressed file.</summary>
    public static HeapGraph ReadStream(Stream text, int threads = 1, List<string>? warnings = null) =>
        SnapshotReader.Read(text, Name, -1, new Work(warn: warnings is null ? null : warnings.Add, threads: threads));

    public static byte[] Write(HeapGraph graph)
    {
        using var stream = new MemoryStream();
        SnapshotWriter.Write(graph, stream, Work.Unwatched);
        return stream.ToArray();
    }

    /// <summary>The error that reading this text must end in, and no other.</summary>
    public static InputException Fails(string text, int threads = 1) => Fails(Encoding.UTF8.GetBytes(text), threads);

    /// <inheritdoc cref="Fails(string, int)"/>
    public static InputException Fails(byte[] text, int threads = 1)
    {
        InputException e = Assert.Throws<InputException>(() => Read(text, threads).Dispose());
        Assert.Contains(Name, e.Message, StringComparison.Ordinal);
        return e;
    }
}

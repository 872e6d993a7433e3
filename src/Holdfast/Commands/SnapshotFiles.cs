using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>Snapshots that a process has written, brought into the folder of captures.</summary>
internal static class SnapshotFiles
{
    /// <summary>Compresses a snapshot into a file of the folder, and takes away the one it was in.</summary>
    public static long Keep(string from, string to, Work work)
    {
        work.Report("compressing");
        AtomicFile.Write(
            to,
            file =>
            {
                using FileStream snapshot = File.OpenRead(from);
                using var packing = new ZstdSharp.CompressionStream(file, Compression.ZstdLevel, leaveOpen: true);
                snapshot.CopyTo(packing);
            },
            ownerOnly: true);
        try
        {
            File.Delete(from);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            work.Warn($"{from}: is still there beside {to}: {e.Message}");
        }

        return new FileInfo(to).Length;
    }
}

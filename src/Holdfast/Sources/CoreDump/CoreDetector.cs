using Holdfast.Common;

namespace Holdfast.Sources.CoreDump;

/// <summary>Tells a core dump from other inputs.</summary>
internal static class CoreDetector
{
    /// <summary>The input as a file that can be mapped, or null where it is no core dump or no file.</summary>
    public static FileStream? TryOpen(string input, Work work)
    {
        work.ThrowIfCancelled();
        FileStream? file = null;
        try
        {
            // A pipe has no length. Opened here and closed, it would be lost for whoever reads it.
            if (input == "-" || new FileInfo(input) is not { Exists: true, Length: > 0 }) return null;
            file = new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var start = new byte[4];
            if (file.CanSeek && file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.AsSpan().SequenceEqual("\u007fELF"u8)) return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Whoever opens it next says what is wrong.
        }

        file?.Dispose();
        return null;
    }
}

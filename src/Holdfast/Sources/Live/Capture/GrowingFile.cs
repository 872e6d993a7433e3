using System.Diagnostics;
using Holdfast.Common;

namespace Holdfast.Sources.Live.Capture;

/// <summary>A snapshot's file that another process is writing.</summary>
internal static class GrowingFile
{
    /// <summary>How long a file may not grow before it is given up: V8 may collect garbage, or a disk be slow, in between.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until a file has its last bracket and is not written to any more.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isAlive">Whether whoever writes it is still there.</param>
    /// <param name="name">What to call the process in messages.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <exception cref="InputException">It will not end.</exception>
    public static void WaitForEnd(string path, Func<bool> isAlive, string name, Work work)
    {
        long before = -1;
        for (var idle = Stopwatch.StartNew(); ;)
        {
            bool alive = isAlive();
            long now = new FileInfo(path) is { Exists: true } file ? file.Length : 0;
            if (now == before && now > 0 && EndsWhole(path)) return;
            if (now != before) idle.Restart();
            if (!alive) throw new InputException($"{name}: has ended while it wrote {path}, which is not whole ({now} bytes). It is left where it is.");
            if (idle.Elapsed > Patience) throw new InputException($"{name}: has not written to {path} for {Patience.TotalMinutes:F0} minutes, and it is not whole ({now} bytes).");
            before = now;
            work.Report($"the process writes {Path.GetFileName(path)}: {now / 1048576.0:F0} MiB");
            work.Wait(BetweenLooks);
        }
    }

    private static bool EndsWhole(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Span<byte> end = stackalloc byte[16];
        file.Seek(-Math.Min(file.Length, end.Length), SeekOrigin.End);
        int read = file.ReadAtLeast(end, end.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> text = end[..read].TrimEnd(" \r\n\t"u8);
        return !text.IsEmpty && text[^1] == (byte)'}';
    }
}

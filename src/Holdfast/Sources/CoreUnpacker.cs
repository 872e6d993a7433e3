using Holdfast.Common;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Sources;

/// <summary>
/// Writes a core that comes from a stream to a file that can be mapped: one that has no name, only its owner may read, and that is
/// gone when it is closed. Blocks of zeros become holes, which take no room.
/// </summary>
internal static class CoreUnpacker
{
    private const int BlockBytes = 1 << 16;

    /// <summary>Room on the disk that is left to others.</summary>
    private const long FreeToLeave = 256L << 20;

    /// <param name="content">The core, unpacked.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <param name="limit">Bytes the core may have.</param>
    /// <exception cref="InputException">It is too large, damaged, or there is no room for it.</exception>
    public static FileStream Unpack(Stream content, string name, Work work, ulong limit = Limits.MaxUnpackedCoreBytes)
    {
        string folder = Path.GetTempPath();
        FileStream? file = null;
        try
        {
            file = CreateUnnamed(folder);
            long room = FreeBytes(folder) - FreeToLeave;
            Copy(content, file, name, folder, (long)Math.Min(limit, long.MaxValue), room, work);
            file.Flush();
            file.Position = 0;
            return file;
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is UnauthorizedAccessException or IOException) throw CannotWrite(name, folder, e);
            throw;
        }
    }

    private static void Copy(Stream content, FileStream file, string name, string folder, long limit, long room, Work work)
    {
        var block = new byte[BlockBytes];
        long length = 0, taken = 0;
        for (int read = block.Length; read == block.Length; length += read)
        {
            read = ReadBlock(content, block, name, length, work);
            work.ThrowIfCancelled();
            if ((length & ((64 << 20) - 1)) == 0) work.Report("unpacking");
            if (length + read > limit)
                throw new InputException($"{name}: unpacked, this core has more than {limit} bytes (limit MaxUnpackedCoreBytes). If that is what it should be, unpack it yourself and give the file.");
            if (block.AsSpan(0, read).IndexOfAnyExcept((byte)0) < 0) continue;
            if ((taken += read) > room)
                throw new InputException($"{name}: unpacked, this core has more than the {Math.Max(0, room)} bytes that are free in {folder}. Make room, or name another folder with TMPDIR.");
            file.Position = length;
            file.Write(block, 0, read);
        }

        file.SetLength(length);
    }

    /// <summary>The next bytes, fewer than a block only at the end. What is cut or damaged ends there; a core is of use as far as it goes.</summary>
    private static int ReadBlock(Stream content, byte[] block, string name, long offset, Work work)
    {
        int read = 0;
        try
        {
            while (read < block.Length && content.Read(block, read, block.Length - read) is > 0 and var more) read += more;
        }
        catch (Exception e) when (ReadErrors.IsOne(e))
        {
            work.Warn(ReadErrors.Explain(e, name, offset + read).Message);
        }

        return read;
    }

    private static FileStream CreateUnnamed(string folder)
    {
        string path = Path.Combine(folder, $"holdfast-{Guid.NewGuid():N}.core");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        return file;
    }

    private static long FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }

    private static InputException CannotWrite(string name, string folder, Exception e) =>
        new($"{name}: cannot be unpacked to a temporary file in {folder}: {e.Message}. Make room there, or name another folder with TMPDIR.", e);
}

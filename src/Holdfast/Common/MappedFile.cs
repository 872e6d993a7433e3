using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Holdfast.Common;

/// <summary>
/// A file as memory, read-only: nothing of it is read before it is looked at. All access is by spans that end with the file.
/// </summary>
internal sealed unsafe partial class MappedFile : IDisposable
{
    private const int MadvNormal = 0;
    private const int MadvRandom = 1;

    private const int SeekData = 3;
    private const int SeekHole = 4;

    private readonly List<(long Start, long End)> _holes = [];
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;

    private MappedFile(FileStream file, string name, int mostHoles)
    {
        Name = name;
        Length = file.Length;
        if (Length == 0) return;
        FindHoles(file, mostHoles);
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start + _view.PointerOffset;
    }

    public string Name { get; }

    public long Length { get; }

    /// <summary>Bytes that the file has on the disk: all but its holes.</summary>
    public long StoredBytes { get; private set; }

    public byte* Start { get; }

    /// <summary>Maps an open file, which is closed with the map.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="mostHoles">Holes that are remembered.</param>
    /// <exception cref="InputException">The system does not map it.</exception>
    public static MappedFile Open(FileStream file, string name, int mostHoles = Limits.MaxHoles)
    {
        try
        {
            return new MappedFile(file, name, mostHoles);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file.Dispose();
            throw new InputException($"{name}: cannot be mapped into memory: {e.Message}", e);
        }
    }

    /// <summary>The bytes from <paramref name="offset"/>, as many of <paramref name="length"/> as the file has.</summary>
    public ReadOnlySpan<byte> Slice(ulong offset, ulong length)
    {
        if (offset >= (ulong)Length) return [];
        ulong there = Math.Min(length, (ulong)Length - offset);
        return new ReadOnlySpan<byte>(Start + offset, (int)Math.Min(there, int.MaxValue));
    }

    /// <summary>Whether the file has nothing at these bytes of its map: they read as zero, and reading them would cost memory.</summary>
    public bool IsHole(byte* at)
    {
        long offset = at - Start;
        int low = 0, high = _holes.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_holes[middle].End <= offset) low = middle + 1;
            else high = middle;
        }

        return low < _holes.Count && _holes[low].Start <= offset;
    }

    /// <summary>Tells the system that single pages are looked at here and there, so that it reads no others beside them.</summary>
    public void ExpectScattered(bool scattered)
    {
        if (OperatingSystem.IsLinux() && Length > 0) _ = MAdvise(Start, (nuint)Length, scattered ? MadvRandom : MadvNormal);
    }

    public void Dispose()
    {
        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }

        _map?.Dispose();
    }

    private void FindHoles(FileStream file, int most)
    {
        StoredBytes = Length;
        if (!OperatingSystem.IsLinux()) return;
        int handle = (int)file.SafeFileHandle.DangerousGetHandle();
        for (long at = 0; at < Length && _holes.Count < most;)
        {
            long hole = LSeek(handle, at, SeekHole);
            if (hole < 0 || hole >= Length) break;
            long data = LSeek(handle, hole, SeekData);
            _holes.Add((hole, data < 0 ? Length : data));
            if (data < 0) break;
            at = data;
        }

        StoredBytes -= _holes.Sum(h => h.End - h.Start);
        _ = LSeek(handle, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "lseek")]
    private static partial long LSeek(int handle, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(void* start, nuint length, int advice);
}

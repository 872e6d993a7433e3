using System.Runtime.InteropServices;

namespace Holdfast.Common;

/// <summary>Asks Linux for 2 MiB pages under a large block of memory; a hint, and nothing elsewhere.</summary>
internal static unsafe partial class HugePages
{
    private const int MadvHugePage = 14;
    private const int MadvPopulateWrite = 23;
    private const nuint PageSize = 2 << 20;

    public static void Advise(void* start, nuint bytes)
    {
        if (bytes < 2 * PageSize || !OperatingSystem.IsLinux()) return;
        nuint first = ((nuint)start + PageSize - 1) & ~(PageSize - 1);
        nuint end = ((nuint)start + bytes) & ~(PageSize - 1);
        if (end > first) _ = MAdvise((void*)first, end - first, MadvHugePage);
    }

    /// <summary>Has the system clear these pages now, for a thread that has nothing better to do than the one that will use them.</summary>
    public static void Populate(void* start, nuint bytes)
    {
        if (bytes < 2 * PageSize || !OperatingSystem.IsLinux()) return;
        nuint first = ((nuint)start + PageSize - 1) & ~(PageSize - 1);
        nuint end = ((nuint)start + bytes) & ~(PageSize - 1);
        for (; first < end; first += PageSize)
        {
            // Page by page, so that the other thread need not wait long for the map it shares. Linux before 5.14 refuses.
            if (MAdvise((void*)first, PageSize, MadvPopulateWrite) != 0) return;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(void* start, nuint length, int advice);
}

using System.Runtime.InteropServices;

namespace Holdfast.Sources.Live;

/// <summary>What is asked of Linux about other processes. Source: kill(2), ptrace(2), process_vm_readv(2), memfd_create(2).</summary>
internal static unsafe partial class LinuxCalls
{
    public const long Detach = 17;
    public const long GetSignal = 0x4202;
    public const long GetRegisters = 0x4204;
    public const long Seize = 0x4206;
    public const long Interrupt = 0x4207;

    public const int NotPermitted = 1;
    public const int NoSuchProcess = 3;
    public const int BadAddress = 14;

    public const int WaitNoHang = 1;
    public const int WaitAll = 0x40000000;

    public const int ProtectReadWrite = 3;
    public const int MapShared = 1;
    public const int PopulateWrite = 23;

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    public static partial long PTrace(long request, long thread, void* address, void* data);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int thread, int* status, int options);

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    public static partial nint ReadMemory(int process, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Allocate(int file, int mode, long offset, long bytes);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(int file, long bytes);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(void* address, nuint bytes, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(void* address, nuint bytes);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(void* address, nuint bytes, int advice);
}

/// <summary>A piece of memory: struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct IoVector(ulong Address, ulong Bytes);

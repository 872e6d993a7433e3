using System.Runtime.InteropServices;

namespace Holdfast.Tests.Fixtures;

/// <summary>Opens files as another user, on this thread, until disposed. Linux, and root, only.</summary>
internal sealed partial class FileSystemUser : IDisposable
{
    public const int Nobody = 65534;

    private readonly int? _before;

    public FileSystemUser(int? user)
    {
        if (user is not null) _before = SetFileSystemUser(user.Value);
    }

    public void Dispose()
    {
        if (_before is not null) _ = SetFileSystemUser(_before.Value);
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(int user);
}

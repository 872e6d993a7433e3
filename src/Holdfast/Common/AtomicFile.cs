namespace Holdfast.Common;

/// <summary>
/// Writes a file under a temporary name beside it and renames it when it is whole: an older file of that name stays
/// until then, and a failure leaves nothing behind.
/// </summary>
public static class AtomicFile
{
    /// <param name="path">The file.</param>
    /// <param name="write">Writes all of it.</param>
    /// <param name="ownerOnly">Whether nobody else may read it, as what holds a program's strings should be.</param>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void Write(string path, Action<Stream> write, bool ownerOnly = false)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = Create(temporary, ownerOnly)) write(file);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            Forget(temporary);
            if (IsAboutFiles(e))
                throw new InputException($"{path}: cannot be written: {e.Message}. Check the folder, its permissions and the room on the disk.", e);
            throw;
        }
    }

    private static FileStream Create(string path, bool ownerOnly)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (ownerOnly && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static void Forget(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsAboutFiles(e))
        {
            // What made writing fail is what the user must hear of.
        }
    }

    private static bool IsAboutFiles(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}

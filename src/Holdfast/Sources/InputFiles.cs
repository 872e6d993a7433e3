using Holdfast.Common;

namespace Holdfast.Sources;

/// <summary>Opens files that a user named.</summary>
internal static class InputFiles
{
    /// <exception cref="InputException">There is no such file, or it cannot be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw new InputException($"{path}: is a directory, expected a heap snapshot file, a core dump or a profile.");
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file. Check the path; a heap snapshot's name usually ends in .heapsnapshot.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InputException($"{path}: no permission to read it. Node and perf write files readable by their owner only: run as that user, or change the file's mode.", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be opened: {e.Message}", e);
        }
    }
}

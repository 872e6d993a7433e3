namespace Holdfast.Cli.Shell;

/// <summary>
/// Standard input, which can be read once, for commands that each read it from its beginning: in a file that is gone with the process.
/// </summary>
internal sealed class StandardInputCopy : IDisposable
{
    private FileStream? _file;

    /// <summary>All of it, from the beginning.</summary>
    public Stream Open()
    {
        _file ??= Copy();
        return new FileStream(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    public void Dispose() => _file?.Dispose();

    private static FileStream Copy()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"holdfast-{Guid.NewGuid():N}"), options);
        try
        {
            using Stream input = Console.OpenStandardInput();
            input.CopyTo(file);
            file.Flush();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

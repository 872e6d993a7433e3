using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>Files that are written beside an answer, looked at before the work begins.</summary>
public static class OutputFiles
{
    /// <exception cref="InputException">The file would replace an input, or its folder is not there.</exception>
    public static void Check(string file, IEnumerable<string> inputs)
    {
        string full = Path.GetFullPath(file);
        if (inputs.Any(input => input != "-" && Path.GetFullPath(input) == full))
            throw new InputException($"{file}: is one of the inputs and would be replaced. Name another file to write to.");
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new InputException($"{file}: there is no folder {folder} to write it to.");
    }
}

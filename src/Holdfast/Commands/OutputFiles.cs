using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>Files that are written beside an answer, looked at before the work begins.</summary>
public static class OutputFiles
{
    /// <summary>The file that a command is there to write.</summary>
    /// <exception cref="InputException">None was given, or it cannot be written.</exception>
    public static string Written(Command command, Arguments arguments, string example)
    {
        string name = command.WrittenFile!, input = arguments.Text("IN");
        if (arguments.TextOrNull(name) is not { } file)
            throw new InputException($"{name} is missing: the file to write. For example: holdfast {command.Name} {input} {example}");
        if (file == "-")
            throw new InputException($"{name}: standard output is for the answer. Name a file: holdfast {command.Name} {input} {example}");
        Check(file, [input]);
        return file;
    }

    /// <exception cref="InputException">The file would replace an input or a device, or its folder is not there.</exception>
    public static void Check(string file, IEnumerable<string> inputs)
    {
        string full = Path.GetFullPath(file);
        if (inputs.Any(input => input != "-" && Target(input) == Target(file)))
            throw new InputException($"{file}: is one of the inputs and would be replaced. Name another file to write to.");
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new InputException($"{file}: there is no folder {folder} to write it to.");
        if (Path.DirectorySeparatorChar == '/' && full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal))
            throw new InputException($"{file}: is a device and would be replaced by a file. Name a file to write to.");
    }

    /// <summary>The file itself, where the name is a link.</summary>
    private static string Target(string file)
    {
        string full = Path.GetFullPath(file);
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return full;
        }
    }
}

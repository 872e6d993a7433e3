using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>Inputs that are snapshots of one process.</summary>
internal static class SeriesInputs
{
    /// <summary>The snapshots that a command is given, a folder of captures as those in it.</summary>
    /// <exception cref="InputException">They are not one series.</exception>
    public static IReadOnlyList<string> Of(Arguments arguments, string name = "SNAPSHOTS") =>
        Check([.. arguments.Texts(name).SelectMany(path => CaptureManifest.IsFolder(path) ? CaptureManifest.Series(path, arguments.TextOrNull("thread")) : [path])]);

    /// <exception cref="InputException">Standard input is named more than once: it can be read once only.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> paths) =>
        paths.Count(path => path == "-") > 1 ? throw new InputException("standard input (-) can be one of the snapshots only.") : paths;
}

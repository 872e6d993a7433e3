using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>Inputs that are snapshots of one process.</summary>
internal static class SeriesInputs
{
    /// <exception cref="InputException">Standard input is named more than once: it can be read once only.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> paths) =>
        paths.Count(path => path == "-") > 1 ? throw new InputException("standard input (-) can be one of the snapshots only.") : paths;
}

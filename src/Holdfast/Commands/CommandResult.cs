using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>An answer.</summary>
/// <param name="Record">For programs: an object of the command's <see cref="Command.RecordType"/>.</param>
/// <param name="Report">For people.</param>
public sealed record CommandResult(object Record, Report Report)
{
    /// <summary>Whether a check found what it was looking for (exit code 1).</summary>
    public bool Found { get; init; }

    /// <summary>Whether it is what was known when it was interrupted (exit code 130).</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>What <see cref="Command.Drawings"/> draw, or null where the command has none.</summary>
    public FlameGraph? Graph { get; init; }

    /// <summary>Files to write beside the answer.</summary>
    public IReadOnlyList<AttachedFile> Files { get; init; } = [];

    /// <summary>Lines for standard error, as they are.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A file that a command was asked to write.</summary>
public sealed record AttachedFile(string Path, string Text);

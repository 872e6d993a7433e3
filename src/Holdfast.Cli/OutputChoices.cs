namespace Holdfast.Cli;

/// <summary>How an answer is to be given.</summary>
/// <param name="Json">For programs.</param>
/// <param name="File">Into a file, or null for standard output.</param>
/// <param name="NoColor">Without colours.</param>
/// <param name="Quiet">Without progress and warnings.</param>
internal sealed record OutputChoices(bool Json, string? File, bool NoColor, bool Quiet)
{
    /// <summary>One of the command's drawings instead, or null.</summary>
    public string? Drawing { get; init; }

    /// <summary>Whether the format was typed, and is not to be told from the file's name.</summary>
    public bool IsFormatGiven { get; init; }
}

namespace Holdfast.Commands;

/// <summary>A format that a flame graph can be drawn as.</summary>
/// <param name="Name">What is typed after <c>--format</c>.</param>
/// <param name="Endings">Ends of file names after <c>-o</c> that ask for it.</param>
public sealed record DrawingFormat(string Name, params IReadOnlyList<string> Endings)
{
    /// <summary>Those of flame graphs.</summary>
    public static IReadOnlyList<DrawingFormat> All { get; } =
    [
        new("folded", ".folded", ".collapsed", ".txt"),
        new("svg", ".svg"),
        new("html", ".html", ".htm"),
        new("speedscope", ".speedscope.json", ".speedscope"),
    ];
}

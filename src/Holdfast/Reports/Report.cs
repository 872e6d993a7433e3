namespace Holdfast.Reports;

/// <summary>An answer for people, in typed and unformatted parts, top to bottom.</summary>
public sealed record Report(IReadOnlyList<ReportBlock> Blocks);

/// <summary>One part of a report.</summary>
/// <param name="Title">A heading, or null.</param>
public abstract record ReportBlock(string? Title);

/// <summary>A paragraph.</summary>
public sealed record TextBlock(string? Title, string Text) : ReportBlock(Title);

/// <summary>Lines that stay as they are: code, values.</summary>
public sealed record CodeBlock(string? Title, string Text) : ReportBlock(Title);

/// <summary>Labelled values, one a line.</summary>
public sealed record FactsBlock(string? Title, IReadOnlyList<Fact> Facts) : ReportBlock(Title);

/// <summary>A figure over time.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Points">At least one, in order of time.</param>
/// <param name="Low">The least value.</param>
/// <param name="High">The greatest.</param>
/// <param name="Span">How long that is, in words.</param>
/// <param name="Rows">How high it is drawn.</param>
public sealed record ChartBlock(string? Title, IReadOnlyList<ChartPoint> Points, Cell Low, Cell High, string Span, int Rows) : ReportBlock(Title);

/// <summary>A value at a time, in seconds.</summary>
public readonly record struct ChartPoint(double At, double Value);

/// <summary>A labelled value.</summary>
public readonly record struct Fact(string Label, Cell Value);

/// <summary>Rows of cells under column titles.</summary>
/// <param name="Title">A heading, or null.</param>
/// <param name="Columns">Titles, one a cell of every row.</param>
/// <param name="Rows">Cells by row.</param>
/// <param name="LeftOut">What a limit left out, or null.</param>
public sealed record TableBlock(string? Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows, LeftOut? LeftOut = null)
    : ReportBlock(Title);

/// <summary>A tree whose every node has a label and the same columns of values.</summary>
/// <param name="Title">A heading, or null.</param>
/// <param name="Columns">Titles of the values.</param>
/// <param name="LabelTitle">Title of the labels.</param>
/// <param name="Roots">The topmost nodes.</param>
/// <param name="LeftOut">What a limit left out, or null.</param>
public sealed record TreeBlock(string? Title, IReadOnlyList<string> Columns, string LabelTitle, IReadOnlyList<TreeItem> Roots, LeftOut? LeftOut = null)
    : ReportBlock(Title);

/// <summary>A node of a tree.</summary>
public sealed record TreeItem(string Label, IReadOnlyList<Cell> Values, IReadOnlyList<TreeItem> Children);

/// <summary>What a limit left out of a table or tree.</summary>
/// <param name="Count">How many rows.</param>
/// <param name="What">What they are: "classes".</param>
/// <param name="Bytes">How many bytes they stand for, or null where that says nothing.</param>
/// <param name="HowToSee">What to ask for to see them: "--limit 0".</param>
public sealed record LeftOut(long Count, string What, long? Bytes, string HowToSee);

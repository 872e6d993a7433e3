using System.Text;
using Holdfast.Views;

namespace Holdfast.Cli.Shell;

/// <summary>
/// Draws a line being typed, over as many rows as it takes. It knows where the cursor is by what it drew, never by asking the
/// terminal.
/// </summary>
/// <param name="output">The terminal.</param>
/// <param name="width">Its columns, now.</param>
internal sealed class LineScreen(TextWriter output, Func<int> width)
{
    private string _shown = "";
    private int _cursor;

    /// <summary>Draws the line where it was drawn before. After a resize, terminals have put the old one into rows anew.</summary>
    public void Draw(string prompt, string text, int cursor)
    {
        int columns = Math.Max(2, width());
        var drawing = new StringBuilder();
        Up(drawing, Place(_shown, _cursor, columns).Row);
        drawing.Append("\r\u001b[J");
        _shown = Printable.Make(prompt) + Printable.Make(text);
        _cursor = Printable.Make(prompt).Length + Printable.Make(text[..cursor]).Length;
        drawing.Append(_shown);
        (int endRow, int endColumn) = Place(_shown, _shown.Length, columns);

        // The cursor waits behind the last column until something is written.
        if (endColumn == 0 && endRow > 0) drawing.Append("\r\n");
        (int row, int column) = Place(_shown, _cursor, columns);
        Up(drawing, endRow - row);
        drawing.Append('\r');
        if (column > 0) drawing.Append($"\u001b[{column}C");
        output.Write(drawing.ToString());
        output.Flush();
    }

    /// <summary>Leaves what is drawn where it is, and goes to a new line.</summary>
    public void Leave(string more = "")
    {
        int columns = Math.Max(2, width());
        int rows = Place(_shown, _shown.Length, columns).Row - Place(_shown, _cursor, columns).Row;
        int column = Place(_shown, _shown.Length, columns).Column;
        string down = rows > 0 ? $"\u001b[{rows}B" : "";
        output.Write($"{down}\r{(column > 0 ? $"\u001b[{column}C" : "")}{more}\r\n");
        output.Flush();
        Forget();
    }

    /// <summary>What was drawn is gone, or belongs to what was said before.</summary>
    public void Forget() => (_shown, _cursor) = ("", 0);

    public void Clear()
    {
        output.Write("\u001b[H\u001b[2J");
        Forget();
    }

    /// <summary>Row and column where the character at a place is drawn. A wide character that does not fit goes to the next row.</summary>
    internal static (int Row, int Column) Place(string text, int at, int columns)
    {
        int row = 0, column = 0, index = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (index >= at) break;
            int width = Printable.RuneWidth(rune);
            if (column + width > columns) (row, column) = (row + 1, 0);
            column += width;
            if (column == columns) (row, column) = (row + 1, 0);
            index += rune.Utf16SequenceLength;
        }

        return (row, column);
    }

    private static void Up(StringBuilder drawing, int rows)
    {
        if (rows > 0) drawing.Append($"\u001b[{rows}A");
    }
}

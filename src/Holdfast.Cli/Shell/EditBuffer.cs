using System.Globalization;

namespace Holdfast.Cli.Shell;

/// <summary>A line being typed and the place in it. It moves by whole characters, as people see them.</summary>
internal sealed class EditBuffer
{
    private string _killed = "";

    public string Text { get; private set; } = "";

    /// <summary>Where the next character goes: 0 to the text's length.</summary>
    public int Cursor { get; private set; }

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string text) => Replace(Cursor, Cursor, text);

    /// <summary>Puts a text in place of another; the cursor is then after it.</summary>
    public void Replace(int from, int to, string text) => (Text, Cursor) = (Text[..from] + text + Text[to..], from + text.Length);

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void Home() => Cursor = 0;

    public void End() => Cursor = Text.Length;

    public void WordLeft() => Cursor = WordStart();

    public void WordRight() => Cursor = WordEnd();

    public void Backspace() => Replace(Before(Cursor), Cursor, "");

    public void Delete()
    {
        int at = Cursor;
        Replace(at, After(at), "");
    }

    public void KillToEnd() => Kill(Cursor, Text.Length);

    public void KillToStart() => Kill(0, Cursor);

    public void KillWordLeft() => Kill(WordStart(), Cursor);

    public void KillWordRight() => Kill(Cursor, WordEnd());

    /// <summary>Puts back what was cut last.</summary>
    public void Yank() => Insert(_killed);

    private void Kill(int from, int to)
    {
        if (from == to) return;
        _killed = Text[from..to];
        Replace(from, to, "");
    }

    private int After(int at) => at < Text.Length ? at + StringInfo.GetNextTextElementLength(Text, at) : at;

    private int Before(int at)
    {
        int before = 0;
        for (int next = 0; next < at; next = After(next)) before = next;
        return before;
    }

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1])) at--;
        while (at > 0 && !char.IsWhiteSpace(Text[at - 1])) at--;
        return at;
    }

    private int WordEnd()
    {
        int at = Cursor;
        while (at < Text.Length && char.IsWhiteSpace(Text[at])) at++;
        while (at < Text.Length && !char.IsWhiteSpace(Text[at])) at++;
        return at;
    }
}

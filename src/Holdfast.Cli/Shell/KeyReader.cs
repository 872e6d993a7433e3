using System.Text;

namespace Holdfast.Cli.Shell;

/// <summary>Keys as the editor knows them, of those the console gives.</summary>
/// <param name="read">Waits for a key.</param>
/// <param name="isAvailable">Whether one is there already.</param>
internal sealed class KeyReader(Func<ConsoleKeyInfo> read, Func<bool> isAvailable)
{
    private const string PasteStart = "200~", PasteEnd = "\u001b[201~";

    public EditKey Read()
    {
        ConsoleKeyInfo key = read();
        bool control = (key.Modifiers & ConsoleModifiers.Control) != 0, alt = (key.Modifiers & ConsoleModifiers.Alt) != 0;

        // A sequence that the console does not know comes to pieces: escape, then what follows as if typed.
        if (key.Key == ConsoleKey.Escape && isAvailable()) (key, alt) = (read(), true);
        if (alt && key.KeyChar == '[') return ReadSequence();
        if (key.KeyChar is '\r' or '\n' || key.Key == ConsoleKey.Enter) return new EditKey(EditKeyKind.Enter);
        EditKeyKind kind = key.Key switch
        {
            ConsoleKey.Tab => EditKeyKind.Tab,
            ConsoleKey.Backspace => alt || control ? EditKeyKind.KillWordLeft : EditKeyKind.Backspace,
            ConsoleKey.Delete => EditKeyKind.Delete,
            ConsoleKey.LeftArrow => control || alt ? EditKeyKind.WordLeft : EditKeyKind.Left,
            ConsoleKey.RightArrow => control || alt ? EditKeyKind.WordRight : EditKeyKind.Right,
            ConsoleKey.Home => EditKeyKind.Home,
            ConsoleKey.End => EditKeyKind.End,
            ConsoleKey.UpArrow => EditKeyKind.Up,
            ConsoleKey.DownArrow => EditKeyKind.Down,
            ConsoleKey.Escape => EditKeyKind.Cancel,
            _ => control ? Control(key.Key) : alt ? Alt(key.Key) : EditKeyKind.None,
        };
        if (kind != EditKeyKind.None || control || alt || char.IsControl(key.KeyChar)) return new EditKey(kind);
        return new EditKey(EditKeyKind.Text, ReadText(key.KeyChar));
    }

    private static EditKeyKind Control(ConsoleKey key) => key switch
    {
        ConsoleKey.A => EditKeyKind.Home,
        ConsoleKey.B => EditKeyKind.Left,
        ConsoleKey.D => EditKeyKind.EndOfInput,
        ConsoleKey.E => EditKeyKind.End,
        ConsoleKey.F => EditKeyKind.Right,
        ConsoleKey.G => EditKeyKind.Cancel,
        ConsoleKey.H => EditKeyKind.Backspace,
        ConsoleKey.K => EditKeyKind.KillToEnd,
        ConsoleKey.L => EditKeyKind.ClearScreen,
        ConsoleKey.N => EditKeyKind.Down,
        ConsoleKey.P => EditKeyKind.Up,
        ConsoleKey.R => EditKeyKind.Search,
        ConsoleKey.U => EditKeyKind.KillToStart,
        ConsoleKey.W => EditKeyKind.KillWordLeft,
        ConsoleKey.Y => EditKeyKind.Yank,
        _ => EditKeyKind.None,
    };

    private static EditKeyKind Alt(ConsoleKey key) => key switch
    {
        ConsoleKey.B => EditKeyKind.WordLeft,
        ConsoleKey.D => EditKeyKind.KillWordRight,
        ConsoleKey.F => EditKeyKind.WordRight,
        _ => EditKeyKind.None,
    };

    /// <summary>A character; the halves of a pair come one after the other.</summary>
    private string ReadText(char first) => char.IsHighSurrogate(first) ? new string([first, read().KeyChar]) : first.ToString();

    private EditKey ReadSequence()
    {
        var sequence = new StringBuilder();
        while (isAvailable())
        {
            char c = read().KeyChar;
            sequence.Append(c);
            if (c is >= '@' and <= '~') break;
        }

        return sequence.ToString() == PasteStart ? new EditKey(EditKeyKind.Paste, ReadPaste()) : new EditKey(EditKeyKind.None);
    }

    private string ReadPaste()
    {
        var pasted = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = read();
            if ((key.Modifiers & ConsoleModifiers.Alt) != 0) pasted.Append('\u001b');
            pasted.Append(key.Key == ConsoleKey.Escape ? '\u001b' : key.Key == ConsoleKey.Enter ? '\n' : key.Key == ConsoleKey.Tab ? '\t' : key.KeyChar);
            if (pasted.Length < PasteEnd.Length || key.KeyChar != '~') continue;
            if (pasted.ToString(pasted.Length - PasteEnd.Length, PasteEnd.Length) != PasteEnd) continue;
            pasted.Length -= PasteEnd.Length;
            return pasted.ToString();
        }
    }
}

namespace Holdfast.Cli.Shell;

/// <summary>What a key, or a paste, means to a line being typed.</summary>
internal enum EditKeyKind
{
    None,
    Text,
    Paste,
    Enter,
    Tab,
    Backspace,
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    KillToEnd,
    KillToStart,
    KillWordLeft,
    KillWordRight,
    Yank,
    ClearScreen,
    Search,
    Cancel,
    EndOfInput,
}

/// <param name="Kind">What is meant.</param>
/// <param name="Text">What was typed or pasted.</param>
internal readonly record struct EditKey(EditKeyKind Kind, string Text = "");

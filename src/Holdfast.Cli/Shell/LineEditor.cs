namespace Holdfast.Cli.Shell;

/// <summary>Reads lines from a terminal: editing, history with search, completion, pastes, resizes.</summary>
/// <param name="keys">What is typed.</param>
/// <param name="output">The terminal.</param>
/// <param name="width">Its columns, now.</param>
/// <param name="history">Lines typed before.</param>
/// <param name="complete">What the word before a place in a line could become.</param>
internal sealed class LineEditor(KeyReader keys, TextWriter output, Func<int> width, History history, Func<string, int, Completion> complete)
{
    /// <summary>More than these are counted, not listed.</summary>
    private const int MostListed = 100;

    private const string PastesMarked = "\u001b[?2004h", PastesPlain = "\u001b[?2004l";

    private readonly Lock _lock = new();
    private readonly EditBuffer _line = new();
    private readonly LineScreen _screen = new(output, width);
    private string _prompt = "";
    private bool _isReading;
    private int _place;
    private string _draft = "";
    private LineSearch? _search;

    private enum Step
    {
        Going,
        Done,
        Ended,
    }

    /// <summary>A line; null where the user is at the end (Ctrl-D).</summary>
    public string? Read(string prompt)
    {
        lock (_lock)
        {
            _prompt = prompt;
            output.Write(PastesMarked);
            Begin();
            _isReading = true;
            Draw();
        }

        try
        {
            while (true)
            {
                EditKey key = keys.Read();
                lock (_lock)
                {
                    Step step = Take(key);
                    if (step == Step.Going)
                    {
                        Draw();
                        continue;
                    }

                    EndSearch();
                    Draw();
                    _isReading = false;
                    _screen.Leave();
                    return step == Step.Done ? _line.Text : null;
                }
            }
        }
        finally
        {
            output.Write(PastesPlain);
            output.Flush();
        }
    }

    /// <summary>Ctrl-C: a new line, the old one is forgotten. May come from any thread.</summary>
    /// <returns>Whether a line was being typed.</returns>
    public bool Interrupt()
    {
        lock (_lock)
        {
            if (!_isReading) return false;
            EndSearch();
            Draw();
            _screen.Leave("^C");
            Begin();
            Draw();
            return true;
        }
    }

    /// <summary>The terminal has another size, or shows something else. May come from any thread.</summary>
    /// <param name="isNew">Whether what was drawn is not there any more.</param>
    public void Redraw(bool isNew)
    {
        lock (_lock)
        {
            if (!_isReading) return;
            if (isNew) _screen.Forget();
            Draw();
        }
    }

    private void Begin()
    {
        _line.Set("");
        _draft = "";
        _place = history.Lines.Count;
        _search = null;
        _screen.Forget();
    }

    private void Draw()
    {
        if (_search is { } search) _screen.Draw(search.Prompt, search.Found ?? "", search.Cursor);
        else _screen.Draw(_prompt, _line.Text, _line.Cursor);
    }

    private Step Take(EditKey key)
    {
        if (_search is { } search)
        {
            if (search.Take(key)) return Step.Going;
            if (key.Kind == EditKeyKind.Cancel)
            {
                _search = null;
                return Step.Going;
            }

            EndSearch();
        }

        switch (key.Kind)
        {
            case EditKeyKind.Enter: return Step.Done;
            case EditKeyKind.EndOfInput when _line.Text.Length == 0: return Step.Ended;
            case EditKeyKind.EndOfInput or EditKeyKind.Delete: _line.Delete(); break;
            case EditKeyKind.Text: _line.Insert(key.Text); break;
            case EditKeyKind.Paste: _line.Insert(OneLine(key.Text)); break;
            case EditKeyKind.Tab: Complete(); break;
            case EditKeyKind.Backspace: _line.Backspace(); break;
            case EditKeyKind.Left: _line.Left(); break;
            case EditKeyKind.Right: _line.Right(); break;
            case EditKeyKind.WordLeft: _line.WordLeft(); break;
            case EditKeyKind.WordRight: _line.WordRight(); break;
            case EditKeyKind.Home: _line.Home(); break;
            case EditKeyKind.End: _line.End(); break;
            case EditKeyKind.Up: Recall(_place - 1); break;
            case EditKeyKind.Down: Recall(_place + 1); break;
            case EditKeyKind.KillToEnd: _line.KillToEnd(); break;
            case EditKeyKind.KillToStart: _line.KillToStart(); break;
            case EditKeyKind.KillWordLeft: _line.KillWordLeft(); break;
            case EditKeyKind.KillWordRight: _line.KillWordRight(); break;
            case EditKeyKind.Yank: _line.Yank(); break;
            case EditKeyKind.ClearScreen: _screen.Clear(); break;
            case EditKeyKind.Search: _search = new LineSearch(history.Lines); break;
        }

        return Step.Going;
    }

    /// <summary>The line at a place of the history; after the last comes what was being typed.</summary>
    private void Recall(int place)
    {
        if (place < 0 || place > history.Lines.Count) return;
        if (_place == history.Lines.Count) _draft = _line.Text;
        _place = place;
        _line.Set(place == history.Lines.Count ? _draft : history.Lines[place]);
    }

    private void EndSearch()
    {
        if (_search?.Found is { } found) _line.Set(found);
        _search = null;
    }

    private void Complete()
    {
        Completion completion = complete(_line.Text, _line.Cursor);
        if (completion.Values.Count == 0) return;
        string common = completion.Common();
        string typed = _line.Text[completion.Start.._line.Cursor];
        if (common.Length > typed.Length || (completion.Values.Count == 1 && common != typed))
            _line.Replace(completion.Start, _line.Cursor, common);
        else List(completion.Values);
    }

    private void List(IReadOnlyList<string> values)
    {
        _screen.Leave();
        foreach (string row in CompletionList.Arrange([.. values.Take(MostListed)], width())) output.Write(row + "\r\n");
        if (values.Count > MostListed) output.Write($"… {values.Count - MostListed} more\r\n");
    }

    /// <summary>Lines of a paste are commands one after another; none runs before Enter is typed.</summary>
    private static string OneLine(string text)
    {
        string[] lines = [.. text.Split('\n').Select(l => l.Replace('\t', ' ').TrimEnd('\r')).Where(l => l.Length > 0)];
        if (lines.Length < 2) return string.Concat(lines);
        return string.Join("; ", lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'));
    }
}

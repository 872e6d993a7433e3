namespace Holdfast.Cli.Shell;

/// <summary>A search backwards through the history, letter by letter (Ctrl-R).</summary>
internal sealed class LineSearch(IReadOnlyList<string> lines)
{
    private string _wanted = "";
    private int _place = lines.Count;

    /// <summary>The line found, or null.</summary>
    public string? Found { get; private set; }

    public string Prompt => $"(search{(Found is null && _wanted.Length > 0 ? ": none" : "")}) '{_wanted}': ";

    /// <summary>Where in the line what was looked for is.</summary>
    public int Cursor => Found is null ? 0 : Found.IndexOf(_wanted, StringComparison.OrdinalIgnoreCase);

    /// <returns>Whether the key belonged to the search; any other ends it.</returns>
    public bool Take(EditKey key)
    {
        switch (key.Kind)
        {
            case EditKeyKind.None:
                return true;
            case EditKeyKind.Text or EditKeyKind.Paste:
                _wanted += key.Text;
                Find(Math.Min(_place, lines.Count - 1));
                return true;
            case EditKeyKind.Search:
                Find(_place - 1);
                return true;
            case EditKeyKind.Backspace:
                _wanted = _wanted.Length == 0 ? "" : _wanted[..^1];
                Find(lines.Count - 1);
                return true;
            default:
                return false;
        }
    }

    private void Find(int from)
    {
        if (_wanted.Length == 0)
        {
            (Found, _place) = (null, lines.Count);
            return;
        }

        for (int i = from; i >= 0; i--)
        {
            if (!lines[i].Contains(_wanted, StringComparison.OrdinalIgnoreCase)) continue;
            (Found, _place) = (lines[i], i);
            return;
        }

        // An older one there is not: what was found stays, if it still fits.
        if (Found is not null && !Found.Contains(_wanted, StringComparison.OrdinalIgnoreCase)) Found = null;
    }
}

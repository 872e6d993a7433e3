namespace Holdfast.Tests.Cli;

/// <summary>
/// Keys as the console gives them, of text with names in brackets: <c>&lt;Left&gt;</c>, <c>&lt;^A&gt;</c>, <c>&lt;Alt-B&gt;</c>,
/// <c>&lt;Paste&gt;…&lt;/Paste&gt;</c>.
/// </summary>
internal static class ConsoleKeys
{
    public static IEnumerable<ConsoleKeyInfo> Parse(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            int end = text[i] == '<' ? text.IndexOf('>', i) : -1;
            if (end < 0)
            {
                yield return Character(text[i]);
                continue;
            }

            foreach (ConsoleKeyInfo key in Named(text[(i + 1)..end])) yield return key;
            i = end;
        }
    }

    private static IEnumerable<ConsoleKeyInfo> Named(string name) => name switch
    {
        ['^', var letter] => [new((char)(letter - '@'), Enum.Parse<ConsoleKey>(letter.ToString()), shift: false, alt: false, control: true)],
        ['A', 'l', 't', '-', var letter] => [Escape, Character(char.ToLowerInvariant(letter))],
        "Paste" => Pieces("[200~"),
        "/Paste" => Pieces("[201~"),
        "Unknown" => Pieces("[77;5z"),
        "Left" or "Right" or "Up" or "Down" => [new('\0', Enum.Parse<ConsoleKey>(name + "Arrow"), false, false, false)],
        _ => [new('\0', Enum.Parse<ConsoleKey>(name), false, false, false)],
    };

    private static ConsoleKeyInfo Escape { get; } = new('\u001b', ConsoleKey.Escape, false, false, false);

    /// <summary>What the console makes of a sequence it does not know.</summary>
    private static IEnumerable<ConsoleKeyInfo> Pieces(string sequence) => sequence.Select(Character).Prepend(Escape);

    private static ConsoleKeyInfo Character(char c) => c switch
    {
        '\r' or '\n' => new(c, ConsoleKey.Enter, false, false, false),
        '\t' => new(c, ConsoleKey.Tab, false, false, false),
        >= 'a' and <= 'z' => new(c, ConsoleKey.A + (c - 'a'), false, false, false),
        _ => new(c, ConsoleKey.None, false, false, false),
    };
}

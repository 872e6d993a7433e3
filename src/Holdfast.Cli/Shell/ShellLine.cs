using System.Text;
using Holdfast.Common;

namespace Holdfast.Cli.Shell;

/// <summary>A command as typed in the shell: its words, and what its answer is piped to.</summary>
/// <param name="Words">Without quotes, with results put in.</param>
/// <param name="Pipe">A command of the system's shell, or null.</param>
internal sealed record ShellLine(IReadOnlyList<string> Words, string? Pipe)
{
    /// <summary>
    /// Commands of a line: parted by <c>;</c> outside of quotes, without comments (from a <c>#</c> that begins a word). They are
    /// given as typed, since what <c>$1</c> is depends on the command before.
    /// </summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var commands = new List<string>();
        int from = 0, end = line.Length;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '\\' && quote != '\'') i++;
            else if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"') quote = c;
            else if (c == ';')
            {
                commands.Add(line[from..i]);
                from = i + 1;
            }
            else if (c == '#' && (i == 0 || char.IsWhiteSpace(line[i - 1]) || line[i - 1] == ';'))
            {
                end = i;
                break;
            }
        }

        commands.Add(line[from..end]);
        return [.. commands.Select(c => c.Trim()).Where(c => c.Length > 0)];
    }

    /// <summary>
    /// Reads one command. Words are parted by blanks; <c>'…'</c> keeps all as it is, <c>"…"</c> and words without quotes have
    /// results put in; a backslash takes the next character as it is. What follows <c>|</c> is the system's shell's to read.
    /// </summary>
    /// <param name="command">As <see cref="Split"/> gives it.</param>
    /// <param name="result">What <c>$_</c>, <c>$1</c>, <c>$in</c> stand for, by what follows the dollar.</param>
    /// <exception cref="InputException">A quote is not closed, or nothing follows the <c>|</c>.</exception>
    public static ShellLine Parse(string command, Func<string, string> result)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool inWord = false;
        char quote = '\0';
        for (int i = 0; i < command.Length; i++)
        {
            char c = command[i];
            if (c == '\\' && quote != '\'' && i + 1 < command.Length && (quote == '\0' || command[i + 1] is '"' or '\\' or '$'))
            {
                word.Append(command[++i]);
                inWord = true;
            }
            else if (quote != '\0' && c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"')
            {
                quote = c;
                inWord = true;
            }
            else if (quote != '\'' && c == '$' && ResultName(command, i + 1) is { Length: > 0 } name)
            {
                word.Append(result(name));
                inWord = true;
                i += name.Length;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else if (quote == '\0' && c == '|')
            {
                if (inWord) words.Add(word.ToString());
                return new ShellLine(words, ReadPipe(command[(i + 1)..]));
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (quote != '\0') throw new InputException($"the quote {quote} is not closed: {command}");
        if (inWord) words.Add(word.ToString());
        return new ShellLine(words, null);
    }

    /// <summary><c>_</c>, <c>in</c> or a number, where no letter or digit follows: <c>$scope</c> and <c>$1st</c> are names of a program.</summary>
    private static string? ResultName(string text, int at)
    {
        int end = at;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '$')) end++;
        string name = text[at..end];
        return name is "_" or "in" || (name.Length is > 0 and < 9 && name.All(char.IsAsciiDigit)) ? name : null;
    }

    private static string ReadPipe(string text)
    {
        text = text.Trim();
        if (text.Length == 0) throw new InputException("nothing follows the |: give a command of your system, such as grep TEXT, head -n 5 or less.");
        if (text.StartsWith("::", StringComparison.Ordinal))
            throw new InputException($"{text}: commands of mdb cannot be piped to here. An answer's objects are $1, $2 … for the next command.");

        // Who types "head 5" means five lines, not a file.
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["head" or "tail", var number] && number.All(char.IsAsciiDigit)
            ? $"{text[..4]} -n {number}"
            : text;
    }
}

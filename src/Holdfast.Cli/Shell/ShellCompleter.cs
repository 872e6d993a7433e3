using System.Text;
using Holdfast.Commands;
using HoldfastCommand = Holdfast.Commands.Command;

namespace Holdfast.Cli.Shell;

/// <summary>What the word before the cursor could become.</summary>
internal sealed class ShellCompleter(ShellNames names)
{
    private static readonly string[] OwnWords = ["help", "history", "quit", "exit", "v8"];

    private static readonly string[] OutputWords = ["--format", "--output", "--no-color", "--quiet", "--help"];

    private static readonly string[] FindKeys = ["class:", "name:", "type:", "edge:", "id:", "detached"];

    private static readonly HashSet<string> FileOptions = ["--output", "-o", "--exe", "--budget", "--junit"];

    /// <param name="Words">Those before the current one, without quotes.</param>
    /// <param name="Start">Where the current one begins.</param>
    /// <param name="Quote">The quote it begins with, or <c>'\0'</c>.</param>
    /// <param name="Text">It, without quotes.</param>
    /// <param name="InPipe">Whether it is the system's shell's.</param>
    private sealed record Place(List<string> Words, int Start, char Quote, string Text, bool InPipe);

    public Completion Complete(string line, int cursor)
    {
        Place place = Find(line[..cursor]);
        string[] values = [.. Candidates(place).Distinct()];
        string[] fitting = [.. values.Where(v => v.StartsWith(place.Text, StringComparison.Ordinal))];
        if (fitting.Length == 0) fitting = [.. values.Where(v => v.StartsWith(place.Text, StringComparison.OrdinalIgnoreCase))];
        return fitting.Length == 0 ? Completion.Nothing : new Completion(place.Start, place.Quote, fitting);
    }

    private static Place Find(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        int start = line.Length;
        char quote = '\0', begun = '\0';
        bool inWord = false, inPipe = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (quote == '\0' && (char.IsWhiteSpace(c) || c is ';' or '|'))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
                if (c == ';') words.Clear();
                inPipe = c == '|' || (inPipe && c != ';');
                continue;
            }

            if (!inWord) (inWord, start, begun) = (true, i, c is '\'' or '"' ? c : '\0');
            if (quote != '\0' && c == quote) quote = '\0';
            else if (quote == '\0' && c is '\'' or '"') quote = c;
            else if (c == '\\' && quote != '\'' && i + 1 < line.Length) word.Append(line[++i]);
            else word.Append(c);
        }

        return inWord ? new Place(words, start, begun, word.ToString(), inPipe) : new Place(words, line.Length, '\0', "", inPipe);
    }

    private IEnumerable<string> Candidates(Place place)
    {
        if (place.InPipe) return Files(place.Text);
        if (place.Words.Count == 0)
        {
            return place.Text.StartsWith(':') ? ForeignWords.WithColons : CommandRegistry.ForShell.Select(c => c.Name).Concat(OwnWords).Order(StringComparer.Ordinal);
        }

        if (place.Words is ["v8"]) return ForeignWords.AfterV8.Where(w => !w.Contains(' ', StringComparison.Ordinal)).Append("source");
        if (place.Words is ["v8", "source"] or ["source"] && place.Text.StartsWith('l')) return ["list"];
        if (place.Words is ["help"]) return CommandRegistry.ForShell.Select(c => c.Name).Append("words").Order(StringComparer.Ordinal);
        IReadOnlyList<string> words = ForeignWords.Translate(place.Words)?.Words ?? place.Words;
        HoldfastCommand? command = CommandRegistry.ForShell.FirstOrDefault(c => c.Name == words[0]);
        if (command is null) return [];
        if (place.Text.StartsWith('-')) return Options(command, words);
        if (words.Count > 1 && Option(command, words[^1]) is { } option) return Values(option, place.Text);
        if (FileOptions.Contains(words[^1])) return Files(place.Text);
        if (words[^1] == "--format") return ["text", "json"];
        return Values(Positional(command, words), place.Text);
    }

    private static IEnumerable<string> Options(HoldfastCommand command, IReadOnlyList<string> words) =>
        command.AllParameters.Where(p => !p.IsPositional).Select(p => "--" + p.Name).Concat(OutputWords).Where(o => !words.Contains(o)).Order(StringComparer.Ordinal);

    /// <summary>The option a word is, if a value follows it.</summary>
    private static Parameter? Option(HoldfastCommand command, string word) => word.StartsWith("--", StringComparison.Ordinal)
        ? command.AllParameters.FirstOrDefault(p => !p.IsPositional && p.Kind != ParameterKind.Flag && p.Name == word[2..])
        : null;

    private static Parameter? Positional(HoldfastCommand command, IReadOnlyList<string> words)
    {
        int place = 0;
        for (int i = 1; i < words.Count; i++)
        {
            if (!words[i].StartsWith('-')) place++;
            else if (Option(command, words[i]) is not null || FileOptions.Contains(words[i])) i++;
        }

        Parameter[] positional = [.. command.Parameters.Where(p => p.IsPositional && !(p.IsInput && p.AtMost == 1))];
        if (place < positional.Length) return positional[place];
        return positional is [.., { AtMost: > 1 } last] ? last : null;
    }

    private IEnumerable<string> Values(Parameter? parameter, string text)
    {
        if (parameter is null) return [];
        if (parameter.Choices is { } choices) return choices;
        if (text.StartsWith('$') || text.StartsWith('@') || text.StartsWith("0x", StringComparison.Ordinal)) return Results(text);
        if (parameter.Kind == ParameterKind.Number) return [];
        if (parameter.IsInput) return Files(text).Append("$in");
        if (!parameter.IsPositional)
        {
            return parameter.Name is "name" or "edge" or "property" ? names.Properties
                : FileOptions.Contains("--" + parameter.Name) ? Files(text)
                : parameter.Name is "string" or "pattern" or "thread" ? [] : names.Classes;
        }

        return parameter.Name switch
        {
            "OUT" => Files(text),
            "EXPR" => Find(text, [.. FindKeys]),
            "ID" or "ADDR" or "ADDRESS" or "OBJECT" => Results(text),
            _ => names.Classes.Concat(text.Length == 0 ? [] : Results(text)),
        };
    }

    private IEnumerable<string> Find(string text, string[] keys)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return keys.Concat(names.Classes);
        string key = text[..(colon + 1)];
        return key.TrimStart('-') switch
        {
            "class:" => names.Classes.Select(c => key + c),
            "edge:" => names.Properties.Select(p => key + p),
            "id:" => names.Ids.Select(i => key + i),
            _ => [],
        };
    }

    private IEnumerable<string> Results(string text) => text.StartsWith('$')
        ? Enumerable.Range(1, names.Last.Rows.Count).Select(i => $"${i}").Prepend("$_").Append("$in")
        : names.Ids;

    private static IEnumerable<string> Files(string text)
    {
        string folder = Path.GetDirectoryName(text) is { } parent ? parent : "/";
        string before = text.EndsWith('/') ? text : text[..(text.LastIndexOf('/') + 1)];
        if (text.EndsWith('/')) folder = text;
        try
        {
            return
            [
                .. new DirectoryInfo(folder.Length == 0 ? "." : folder).EnumerateFileSystemInfos()
                    .Where(f => text.EndsWith('.') || !f.Name.StartsWith('.'))
                    .Select(f => before + f.Name + (f is DirectoryInfo ? "/" : "")).Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}

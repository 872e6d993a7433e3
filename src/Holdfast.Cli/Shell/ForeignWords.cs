using System.Text.RegularExpressions;

namespace Holdfast.Cli.Shell;

/// <summary>What somebody else's word is here: words of ours, or why there are none.</summary>
/// <param name="Words">A command of ours with its arguments, or null.</param>
/// <param name="Problem">What to say where there is none, or null.</param>
internal sealed record ForeignAnswer(IReadOnlyList<string>? Words, string? Problem);

/// <summary>The commands of llnode (<c>v8 findjsobjects</c>) and mdb_v8 (<c>::findjsobjects</c>) in ours.</summary>
internal static partial class ForeignWords
{
    private const string Llnode = "llnode's", Mdb = "mdb's";

    /// <summary>A command: what it is here, and its options. An option with a value is "--name N"; null: it is always so here.</summary>
    private sealed record Word(string Ours, Dictionary<string, string?> Options)
    {
        /// <summary>What a number alone stands for: <c>bt 5</c>.</summary>
        public string? NumberAs { get; init; }

        /// <summary>Why it cannot be had, instead of <see cref="Ours"/>.</summary>
        public string? Problem { get; init; }

        /// <summary>The option of ours in whose place another command answers.</summary>
        public Dictionary<string, string> Instead { get; init; } = [];
    }

    private static readonly Dictionary<string, string?> None = [];

    private static readonly Word Inspect = new("inspect", new()
    {
        ["-F"] = "--full-string",
        ["-m"] = "--print-map",
        ["-s"] = "--print-source",
        ["-l"] = "--length N",
    });

    private static readonly Word Source = new("source", new() { ["-n"] = "--lines N" });

    private static readonly Word Backtrace = new("bt", None) { NumberAs = "--limit" };

    private static readonly Dictionary<string, Word> OfLlnode = new()
    {
        ["findjsobjects"] = new("objects", new() { ["-d"] = "--shapes", ["--detailed"] = "--shapes" }),
        ["findjsinstances"] = new("instances", new()
        {
            ["-v"] = "--verbose",
            ["-d"] = "--verbose",
            ["--detailed"] = "--verbose",
            ["-n"] = "--limit N",
            ["--output-limit"] = "--limit N",
            ["-o"] = "--offset N",
        }),
        ["inspect"] = Inspect,
        ["i"] = Inspect,
        ["print"] = new("print", None),
        ["p"] = new("print", None),
        ["bt"] = Backtrace,
        ["source list"] = Source,
        ["source l"] = Source,
        ["findrefs"] = new("refs", new()
        {
            ["-v"] = null,
            ["--value"] = null,
            ["-n"] = "--name N",
            ["-s"] = "--string N",
            ["-r"] = "--deep",
            ["--recursive"] = "--deep",
        }),
        ["nodeinfo"] = new("env", None),
        ["getactivehandles"] = new("handles", None),
        ["getactiverequests"] = new("requests", None),
        ["help"] = new("help", None),
        ["settings"] = new("", None) { Problem = "there are no settings here: colours are --no-color or NO_COLOR." },
    };

    /// <summary>llnode's other names for its commands, without <c>v8</c>.</summary>
    private static readonly Dictionary<string, Word> LlnodeAlone = new() { ["jsprint"] = Inspect, ["jssource"] = Source, ["jsstack"] = Backtrace };

    private static readonly Dictionary<string, Word> OfMdb = new()
    {
        ["findjsobjects"] = new("objects --shapes", new() { ["-l"] = null, ["-v"] = null, ["-b"] = null, ["-a"] = null })
        {
            Instead = new() { ["-c"] = "objects --shapes --constructor", ["-p"] = "objects --shapes --property", ["-r"] = "refs" },
        },
        ["jsprint"] = new("inspect", new() { ["-d"] = "--depth N", ["-a"] = null, ["-b"] = null }),
        ["jsstack"] = new("bt", new() { ["-v"] = null, ["-a"] = null }),
        ["jsconstructor"] = new("inspect", new() { ["-v"] = null }),
        ["jsclosure"] = new("closure", None),
        ["jssource"] = new("source", new() { ["-n"] = "--lines N" }),
        ["jsfunctions"] = new("functions", new() { ["-n"] = "--name N", ["-s"] = "--script N" }),
        ["v8function"] = new("inspect", None),
        ["v8array"] = new("inspect", None),
        ["v8print"] = new("inspect", None),
        ["v8str"] = new("inspect --full-string", None),
        ["v8type"] = new("print", None),
        ["v8whatis"] = new("inspect", None),
        ["whatis"] = new("inspect", None),
        ["nodebuffer"] = new("inspect", None),
        ["v8classes"] = new("constructors", None),
        ["status"] = new("threads", None),
        ["threads"] = new("threads", None),
        ["dcmds"] = new("help", None),
        ["help"] = new("help", None),
    };

    /// <summary>The words after <c>v8</c>.</summary>
    public static IEnumerable<string> AfterV8 => OfLlnode.Keys;

    /// <summary>mdb's commands with their colons.</summary>
    public static IEnumerable<string> WithColons => OfMdb.Keys.Select(k => "::" + k);

    /// <summary>All words with what they are here, for a table.</summary>
    public static IEnumerable<(string Theirs, string Ours)> All =>
        OfLlnode.Where(w => w.Value.Problem is null).Select(w => ("v8 " + w.Key, w.Value.Ours)).Concat(OfMdb.Select(w => ("::" + w.Key, w.Value.Ours)));

    /// <returns>Null where the words are none of llnode's or mdb's.</returns>
    public static ForeignAnswer? Translate(IReadOnlyList<string> words)
    {
        if (words is []) return null;
        if (MdbWord().Match(words[0]) is { Success: true } mdb)
        {
            string name = mdb.Groups["name"].Value, address = mdb.Groups["address"].Value;
            return OfMdb.TryGetValue(name, out Word? word)
                ? Use(word, words[0], Mdb, address.Length > 0 ? [.. words.Skip(1), Address(address)] : words.Skip(1), address.Length > 0)
                : new ForeignAnswer(null, $"{words[0]}: is no command of mdb that has a counterpart here. `help words` lists those that have.");
        }

        bool named = words[0] == "v8";
        IReadOnlyList<string> rest = named ? [.. words.Skip(1)] : words;
        if (rest is []) return new ForeignAnswer(["help"], null);
        bool two = rest is ["source", "list" or "l", ..];
        string key = two ? rest[0] + " " + rest[1] : rest[0];
        if (OfLlnode.TryGetValue(key, out Word? known) || (!named && LlnodeAlone.TryGetValue(key, out known)))
            return !named && !two && known.Ours == key ? UseOwn(known, rest) : Use(known, (named ? "v8 " : "") + key, Llnode, rest.Skip(two ? 2 : 1), false);
        return named ? new ForeignAnswer(null, $"v8 {key}: is no command of llnode that has a counterpart here. `help words` lists those that have.") : null;
    }

    /// <summary>A word that is a command here, too, without <c>v8</c> before it: only what means nothing here is llnode's.</summary>
    private static ForeignAnswer? UseOwn(Word word, IReadOnlyList<string> words)
    {
        bool isForeign = words.Skip(1).Any(w => word.Options.ContainsKey(w) || (word.NumberAs is not null && words.Count == 2 && IsNumber(w)));
        return isForeign ? Use(word, words[0], Llnode, words.Skip(1), false) : null;
    }

    private static ForeignAnswer Use(Word word, string theirs, string whose, IEnumerable<string> arguments, bool hasAddress)
    {
        if (word.Problem is { } problem) return new ForeignAnswer(null, $"{theirs}: {problem}");
        List<string> ours = [.. word.Ours.Split(' ')], given = [.. arguments];
        if (hasAddress && theirs.EndsWith("::findjsobjects", StringComparison.Ordinal) && !given.Contains("-r"))
            return new ForeignAnswer(null, $"{theirs}: objects like one are not listed here. `inspect` says of which class it is, `instances CLASS` lists them; with -r it is `refs`.");
        for (int i = 0; i < given.Count; i++)
        {
            string argument = given[i];
            if (word.Instead.TryGetValue(argument, out string? instead))
            {
                ours = [.. instead.Split(' ')];
            }
            else if (word.Options.TryGetValue(argument, out string? option))
            {
                if (option is null) continue;
                ours.Add(option.Split(' ')[0]);
                if (!option.EndsWith(" N", StringComparison.Ordinal)) continue;
                if (++i == given.Count) return new ForeignAnswer(null, $"{theirs}: a value is missing after {argument}.");
                ours.Add(given[i]);
            }
            else if (word.NumberAs is { } number && IsNumber(argument))
            {
                ours.Add(number);
                ours.Add(argument);
            }
            else if (argument is ['-', not '-', ..] && !argument.Skip(1).All(char.IsAsciiDigit) && argument is not "-o" and not "-q" and not "-h")
            {
                string known = word.Options.Count + word.Instead.Count == 0 ? "it takes none here" : "here it takes " + string.Join(' ', word.Instead.Keys.Concat(word.Options.Keys));
                return new ForeignAnswer(null, $"{theirs} {argument}: this option of {whose} has no counterpart; {known}.");
            }
            else
            {
                ours.Add(argument);
            }
        }

        return new ForeignAnswer(ours, null);
    }

    /// <summary>mdb takes addresses for hexadecimal.</summary>
    private static string Address(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || text.StartsWith('@') ? text : "0x" + text;

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    [GeneratedRegex(@"^(?<address>@\d+|(0x)?[0-9a-fA-F]+)?::(?<name>\S*)$")]
    private static partial Regex MdbWord();
}

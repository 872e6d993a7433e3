namespace Holdfast.Commands;

/// <summary>What a parameter's value is.</summary>
public enum ParameterKind
{
    Text,
    Number,
    Flag,
}

/// <summary>A positional argument or an option of a command.</summary>
/// <param name="Name">Positional: its name in the help. Option: what is typed after <c>--</c>.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Help">What it does, in one line.</param>
public sealed record Parameter(string Name, ParameterKind Kind, string Help)
{
    /// <summary>Whether it is given by place and not by name.</summary>
    public bool IsPositional { get; init; }

    /// <summary>Whether it names heaps to read; a shell knows one without being told.</summary>
    public bool IsInput { get; init; }

    /// <summary>Fewest values; an option may be left out all the same.</summary>
    public int AtLeast { get; init; } = 1;

    /// <summary>Most values.</summary>
    public int AtMost { get; init; } = 1;

    /// <summary>The value where none is given, as it would be typed; null where there is none.</summary>
    public string? Default { get; init; }

    /// <summary>The only values allowed, or null.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The input every command begins with.</summary>
    public static Parameter Input { get; } = new("IN", ParameterKind.Text,
        "a .heapsnapshot or .heaptimeline file (plain, gzip, brotli as .br, zstd), - for standard input, or a core dump")
    { IsPositional = true, IsInput = true };

    /// <summary>The input of a command that only a core dump answers.</summary>
    public static Parameter CoreDump { get; } = Input with { Help = "a core dump of a Node.js process, plain, compressed or packed" };

    /// <summary>The file that a command is there to write (<see cref="Command.WrittenFile"/>).</summary>
    public static Parameter Written(string what) => new("OUT", ParameterKind.Text,
        $"{what}; -o OUT is the same. Compressed if it ends in .zst, .gz or .br")
    { IsPositional = true, AtLeast = 0 };

    /// <summary>How many rows to give.</summary>
    public static Parameter Limit(int rows) =>
        new("limit", ParameterKind.Number, "how many rows to give; 0 gives all") { Default = rows.ToString(System.Globalization.CultureInfo.InvariantCulture) };

    /// <summary>A choice that is off unless asked for.</summary>
    public static Parameter Flag(string name, string help) => new(name, ParameterKind.Flag, help);
}

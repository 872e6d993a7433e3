using System.Globalization;
using System.Reflection;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// What is known of one V8 version without its binary: the numbers of instance types, offsets and masks, and the names of roots and
/// builtins. A table is two text files under <c>Versions</c>: one made from a node binary by <c>make-table.py</c> there, and one with
/// the offsets in an isolate, which were measured.
/// </summary>
internal sealed class VersionTable
{
    private const string Prefix = "v8-";

    private readonly Dictionary<int, string> _types = [];
    private readonly Dictionary<string, int> _constants = [];
    private readonly List<string> _roots = [];
    private readonly List<string> _builtins = [];
    private readonly Dictionary<int, string> _contextFields = [];
    private readonly List<TranslationOpcode> _translations = [];

    public V8Version Version { get; private set; }

    public IReadOnlyDictionary<int, string> Types => _types;

    /// <summary>V8's postmortem constants; a field's offset is <c>JSFunction.shared</c>.</summary>
    public IReadOnlyDictionary<string, int> Constants => _constants;

    public IReadOnlyList<string> Roots => _roots;

    public IReadOnlyList<string> Builtins => _builtins;

    /// <summary>Names of a native context's fields by slot.</summary>
    public IReadOnlyDictionary<int, string> ContextFields => _contextFields;

    /// <summary>Bytes of each bytecode with its operands: for usual ones, then for wide ones, then for extra wide ones.</summary>
    public byte[] BytecodeSizes { get; private set; } = [];

    /// <summary>Operations of which the frames of optimized code are described, by number.</summary>
    public IReadOnlyList<TranslationOpcode> Translations => _translations;

    /// <summary>The versions there are tables for, oldest first.</summary>
    public static IReadOnlyList<V8Version> Known { get; } =
    [
        .. typeof(VersionTable).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => V8Version.TryParse(name.AsSpan(Prefix.Length)) ?? default)
            .Where(version => version.IsKnown)
            .OrderBy(version => version.Number),
    ];

    /// <summary>The table of this version, or of the one nearest to it.</summary>
    public static VersionTable Nearest(V8Version version) =>
        Load(Known.MinBy(known => Math.Abs(known.Number - version.Number)));

    public static VersionTable Load(V8Version version)
    {
        var table = new VersionTable { Version = version };
        string of = string.Create(CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}");
        table.Read(Prefix + of);
        table.Read("isolate-" + of);
        return table;
    }

    private void Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"there is no table {name}");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) Add(line);
    }

    private void Add(string line)
    {
        string[] words = line.Split(' ');
        switch (words)
        {
            case ["type", var number, var name, ..]:
                _types[int.Parse(number, CultureInfo.InvariantCulture)] = name;
                break;
            case ["const", var name, var value]:
                _constants[name] = int.Parse(value, CultureInfo.InvariantCulture);
                break;
            case ["root", _, var name]:
                _roots.Add(name);
                break;
            case ["context", var slot, var name]:
                _contextFields[int.Parse(slot, CultureInfo.InvariantCulture)] = name;
                break;
            case ["builtin", _, var name]:
                _builtins.Add(name);
                break;
            case ["bytecodes", var sizes]:
                BytecodeSizes = Convert.FromHexString(sizes);
                break;
            case ["translation", var name, var operands]:
                _translations.Add(new TranslationOpcode(name, int.Parse(operands, CultureInfo.InvariantCulture)));
                break;
        }
    }
}

/// <summary>An operation in the description of optimized code's frames.</summary>
/// <param name="Name">Its name in V8.</param>
/// <param name="Operands">How many numbers follow it.</param>
internal readonly record struct TranslationOpcode(string Name, int Operands);

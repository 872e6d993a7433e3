using System.Text.Json.Nodes;

namespace Holdfast.Tests.Cores;

/// <summary>
/// Cores as they came from processes, with V8's snapshots of the same moments: too big for the repository. They are made by
/// tests/cores/make-cores.sh, a folder for each major version of Node.
/// </summary>
internal static class RawCores
{
    /// <summary>Names the folder.</summary>
    public const string Variable = "HOLDFAST_TEST_CORES";

    /// <summary>Set to 1, all programs' cores are read and not only those of <c>values</c>.</summary>
    public const string AllVariable = "HOLDFAST_TEST_ALL_CORES";

    private static readonly string? Folder = Environment.GetEnvironmentVariable(Variable);

    private static readonly bool All = Environment.GetEnvironmentVariable(AllVariable) == "1";

    private static string? MissingReason => Folder is null
        ? $"{Variable} is not set: make cores with tests/cores/make-cores.sh --out FOLDER 18 20 22 24 26, and set it to FOLDER ({AllVariable}=1 for all programs)."
        : Majors.Length == 0 ? $"{Folder} ({Variable}) has no folder of a version of Node with values.core in it." : null;

    private static string[] Majors => [.. Directory.GetDirectories(Folder!).Where(f => System.IO.File.Exists(System.IO.Path.Combine(f, "values.core")))
        .Select(f => System.IO.Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    /// <summary>Major and case of every heap with a snapshot beside it.</summary>
    public static IEnumerable<ITheoryDataRow> WithSnapshot() => Rows(c => c.Snapshot is not null);

    /// <summary>Major and case of every heap that is known by what the program tells alone.</summary>
    public static IEnumerable<ITheoryDataRow> WithoutSnapshot() => Rows(c => c.Snapshot is null);

    public static string Path(string major, string file) => System.IO.Path.Combine(Folder!, major, file);

    public static JsonNode Truth(string major, CoreCase core) =>
        JsonNode.Parse(System.IO.File.ReadAllText(Path(major, $"{core.Program}.truth.json")))!;

    private static IEnumerable<ITheoryDataRow> Rows(Func<CoreCase, bool> isWanted)
    {
        if (MissingReason is { } reason) return [new TheoryDataRow<string, string>("", "").WithSkip(reason)];
        TheoryDataRow<string, string>[] rows = [.. Majors.SelectMany(major => CoreCase.All
            .Where(c => isWanted(c) && (All || c.Program == "values") && System.IO.File.Exists(Path(major, $"{c.Core}.core")))
            .Select(c => new TheoryDataRow<string, string>(major, c.Name)))];
        return rows.Length > 0 ? rows : [new TheoryDataRow<string, string>("", "").WithSkip($"{AllVariable} is not 1: only the cores of values are read.")];
    }
}

using Holdfast.Analyses;

namespace Holdfast.Commands;

/// <summary>The answer of <c>summary</c>. Sizes are bytes.</summary>
/// <param name="NodeCount">Nodes in the graph.</param>
/// <param name="EdgeCount">Edges in the graph.</param>
/// <param name="TotalSize">What the root retains, and the producer's extra native bytes.</param>
/// <param name="Classes">The first rows of the class table.</param>
/// <param name="ClassCount">Rows of the whole class table.</param>
/// <param name="Statistics">Sizes by kind.</param>
/// <param name="BiggestDominators">Objects the root dominates, by retained size.</param>
/// <param name="NativeContexts">Sizes by native context, where asked for.</param>
/// <param name="Core">Where it was read from, for a core dump.</param>
public sealed record SummaryRecord(
    int NodeCount,
    int EdgeCount,
    long TotalSize,
    IReadOnlyList<ClassRecord> Classes,
    int ClassCount,
    StatisticsRecord Statistics,
    IReadOnlyList<NodeRecord> BiggestDominators,
    NativeContextsRecord? NativeContexts,
    CoreRecord? Core = null);

/// <summary>A core dump. Garbage is what nothing holds any more and was not collected yet.</summary>
public sealed record CoreRecord(
    string V8Version, string Thread, IReadOnlyList<string> Threads, int GarbageCount, long GarbageBytes, long UnparsedBytes)
{
    public static CoreRecord? From(Model.HeapOrigin? origin) => origin is null
        ? null
        : new CoreRecord(origin.V8Version, origin.Thread, origin.Threads, origin.GarbageCount, origin.GarbageBytes, origin.UnparsedBytes);
}

/// <summary>A row of the class table. Line and column of the constructor count from 1.</summary>
public sealed record ClassRecord(
    string Name, int Count, long ShallowSize, long RetainedSize, int Distance, string ClassKey, LocationRecord? Location)
{
    public static ClassRecord From(ClassRow row) => new(
        row.Key.Name, row.Count, row.ShallowSize, row.RetainedSize, row.Distance, row.Key.ToString(), LocationRecord.From(row.Key.Location));
}

/// <summary>A place in a script. Line and column count from 1; the file is null where its name is not known.</summary>
public sealed record LocationRecord(long ScriptId, long Line, long Column, string? File = null)
{
    public static LocationRecord? From(Model.Location? location) =>
        location is { } at ? new LocationRecord(at.ScriptId, at.Line + 1L, at.Column + 1L) : null;

    public static LocationRecord? From(SourceLocation? location) =>
        location is null ? null : From(location.At)! with { File = location.File };

    /// <summary><c>file:line:column</c>.</summary>
    public string Show() => $"{File ?? $"script {ScriptId}"}:{Line}:{Column}";
}

/// <summary>Sizes by kind, as DevTools' statistics count them.</summary>
public sealed record StatisticsRecord(
    long Total, long Native, long TypedArrays, long V8Heap, long Code, long JsArrays, long Strings, long System)
{
    public static StatisticsRecord From(HeapStatistics s) =>
        new(s.Total, s.Native, s.TypedArrays, s.Total - s.Native, s.Code, s.JsArrays, s.Strings, s.System);
}

/// <summary>An object.</summary>
public sealed record NodeRecord(ulong Id, string Name, string Type, long ShallowSize, long RetainedSize)
{
    public static NodeRecord From(DominatorRow row) => new(row.Id, row.Name, row.Type, row.ShallowSize, row.RetainedSize);
}

/// <summary>Sizes by native context.</summary>
public sealed record NativeContextsRecord(IReadOnlyList<NativeContextRecord> Contexts, long SharedSize, long UnattributedSize)
{
    public static NativeContextsRecord From(NativeContextSizes sizes) => new(
        [.. sizes.Contexts.Select(c => new NativeContextRecord(c.Id, c.Name, c.AttributedSize, c.RetainedSize, c.ShallowSize))],
        sizes.SharedSize, sizes.UnattributedSize);
}

/// <summary>A native context.</summary>
public sealed record NativeContextRecord(ulong Id, string Name, long AttributedSize, long RetainedSize, long ShallowSize);

namespace Holdfast.Model.Watching;

/// <summary>Names of figures that several sources have.</summary>
public static class MeasureNames
{
    public const string Rss = "rss";
    public const string RssAnonymous = "rss_anonymous";
    public const string HeapUsed = "heap_used";
    public const string HeapTotal = "heap_total";
    /// <summary>What is resident of V8's pages.</summary>
    public const string HeapResident = "heap_resident";

    /// <summary>What is resident and of no file, and is not V8's pages: buffers, native memory.</summary>
    public const string OutsideHeap = "outside_heap";

    public const string External = "external";
    public const string ArrayBuffers = "array_buffers";
    public const string Threads = "threads";
    public const string OpenFiles = "open_files";
    public const string Handles = "handles";

    /// <summary>The name of a space's used bytes: <c>old_space</c>, whatever a source calls it.</summary>
    public static string Space(string name) => name.EndsWith("_space", StringComparison.Ordinal) ? name : name + "_space";
}

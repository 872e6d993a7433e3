namespace Holdfast.Sources.CoreDump.V8;

/// <summary>The names that a program gave its worker threads.</summary>
internal static class WorkerNames
{
    /// <summary>The worker's name, or null where it has none or it is not found.</summary>
    public static string? Find(CoreImage image, V8Heap heap, IsolateInfo isolate) => null;
}

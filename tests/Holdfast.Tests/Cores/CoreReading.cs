using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Tests.Cores;

/// <summary>Reads cores and snapshots as a command does.</summary>
internal static class CoreReading
{
    public static HeapGraph Read(string path, CoreOptions? options = null, List<string>? warnings = null) =>
        SourceDetector.Load(path, () => Stream.Null, options ?? CoreOptions.Default,
            new Work(warn: warnings is null ? null : warnings.Add, cancellation: TestContext.Current.CancellationToken));
}

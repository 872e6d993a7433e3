using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Packing;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Fuzz;

/// <summary>
/// Reads bytes as a core dump, with garbage and whatever does not fit its version, computes all there is from the graph, asks what a debugger can be asked, and
/// packs the core without what strings hold. A core is a file: reading outside of it would end this process.
/// </summary>
internal static class CoreTarget
{
    public static bool IsCore(ReadOnlySpan<byte> start) => start.StartsWith("\u007fELF"u8);

    /// <returns>What came of it: a graph, or the error a user would see.</returns>
    /// <exception cref="Exception">Anything but an <see cref="InputException"/> is a bug.</exception>
    public static string Run(byte[] core)
    {
        using var folder = new TemporaryFolder();
        return Run(folder.Write("fuzzed.core", core));
    }

    /// <inheritdoc cref="Run(byte[])"/>
    public static string Run(string path)
    {
        var work = new Work(threads: 1);
        var options = new CoreOptions { Force = true, IncludeGarbage = true };
        HeapGraph graph;
        try
        {
            graph = SourceDetector.Load(path, () => Stream.Null, options, work);
        }
        catch (InputException e)
        {
            return e.Message;
        }

        return $"{GraphUse.Run(graph, work)}; {Ask(path, options, work)}; {Pack(path, options, work)}";
    }

    private static string Ask(string path, CoreOptions options, Work work)
    {
        try
        {
            using CoreSession core = CoreSession.Open(File.OpenRead(path), path, options, work);
            return $"{DebuggerQuestions.AskAll(core, work)} answers";
        }
        catch (InputException e)
        {
            return e.Message;
        }
    }

    private static string Pack(string path, CoreOptions options, Work work)
    {
        try
        {
            using Stream packed = File.Create(path + ".packed");
            return $"packed into {CorePacker.Pack(File.OpenRead(path), path, options, redact: true, withBuffers: false, packed, work).UnpackedBytes} bytes";
        }
        catch (InputException e)
        {
            return e.Message;
        }
        finally
        {
            File.Delete(path + ".packed");
        }
    }
}

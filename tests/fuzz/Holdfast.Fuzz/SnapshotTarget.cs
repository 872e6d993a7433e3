using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Fuzz;

/// <summary>Reads bytes as a snapshot and computes all there is from the graph.</summary>
internal static class SnapshotTarget
{
    /// <returns>What came of it: a graph, or the error a user would see.</returns>
    /// <exception cref="Exception">Anything but an <see cref="InputException"/> is a bug.</exception>
    public static string Run(byte[] text)
    {
        // One thread: a fuzzer wants the same way through the code for the same bytes.
        var work = new Work(threads: 1);
        HeapGraph graph;
        try
        {
            graph = SnapshotReader.Read(new MemoryStream(text), "fuzzed", text.Length, work);
        }
        catch (InputException e)
        {
            return e.Message;
        }

        return GraphUse.Run(graph, work);
    }
}

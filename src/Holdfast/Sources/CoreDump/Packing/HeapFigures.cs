using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>What reading a thread's heap gives, to see that a packed core gives the same.</summary>
internal sealed record HeapFigures(string Thread, int Nodes, int Edges, long Bytes)
{
    /// <summary>Reads the heaps of all threads, one after another.</summary>
    public static List<HeapFigures> OfAll(CoreImage image, V8Heap heap, IReadOnlyList<IsolateInfo> isolates, Work work)
    {
        var figures = new List<HeapFigures>();
        foreach (IsolateInfo isolate in isolates)
        {
            using HeapGraph graph = CoreReader.Build(image, heap, isolates, isolate, includeGarbage: false, work);
            long bytes = 0;
            for (int i = 0; i < graph.NodeCount; i++) bytes += (long)graph.SelfSizes[i];
            figures.Add(new HeapFigures(isolate.Name, graph.NodeCount, graph.EdgeCount, bytes));
        }

        return figures;
    }

    /// <summary>Reads the heaps of all threads of a core.</summary>
    public static List<HeapFigures> OfFile(FileStream core, string name, Work work)
    {
        using CoreImage image = CoreImage.Open(core, name, null, work);
        using V8Heap heap = HeapReader.Read(image, force: true, work);
        return OfAll(image, heap, IsolateFinder.Find(image, heap), work);
    }
}

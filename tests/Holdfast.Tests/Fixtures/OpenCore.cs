using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Tests.Fixtures;

/// <summary>A core that is open, with its heap's objects found; and whole graphs of cores.</summary>
internal sealed class OpenCore : IDisposable
{
    /// <summary>What cores are called in tests. Not what they are told by.</summary>
    public const string Name = "core.1234";

    private readonly TemporaryFolder _folder = new();

    private OpenCore(byte[] core, CoreOptions options)
    {
        string path = _folder.Write(Name, core);
        try
        {
            var work = new Work(warn: Warnings.Add, threads: 1);
            Image = CoreImage.Open(File.OpenRead(path), path, options.Program, work);
            Heap = HeapReader.Read(Image, options.Force, work);
        }
        catch
        {
            Image?.Dispose();
            _folder.Dispose();
            throw;
        }
    }

    public CoreImage Image { get; }

    public V8Heap Heap { get; }

    public HeapStrings Strings => new(Heap);

    public List<string> Warnings { get; } = [];

    public static OpenCore Of(byte[] core) => new(core, CoreOptions.Default);

    public static OpenCore Of(HeapCoreBuilder heap, bool force = false) => new(heap.Build(), new CoreOptions { Force = force });

    /// <summary>The graph of a core, by the way every input goes.</summary>
    public static HeapGraph Read(byte[] core, CoreOptions? options = null, List<string>? warnings = null)
    {
        using var folder = new TemporaryFolder();
        return ReadFile(folder.Write(Name, core), options, warnings);
    }

    public static HeapGraph ReadFile(string path, CoreOptions? options = null, List<string>? warnings = null) => SourceDetector.Load(
        path, () => throw new InvalidOperationException("standard input is not to be read"), options ?? CoreOptions.Default, new Work(warn: w => warnings?.Add(w), threads: 1));

    /// <summary>The error that reading this core must end in, and no other.</summary>
    public static InputException Fails(byte[] core, CoreOptions? options = null)
    {
        InputException e = Assert.Throws<InputException>(() => Read(core, options).Dispose());
        Assert.Contains(Name, e.Message, StringComparison.Ordinal);
        return e;
    }

    /// <summary>The node of an object, by its address.</summary>
    public static Node NodeOf(HeapGraph graph, ulong reference) =>
        TryNode(graph, reference, out Node node) ? node : throw new ArgumentException($"{reference:x} is not in the graph");

    public static bool TryNode(HeapGraph graph, ulong reference, out Node node)
    {
        for (int i = 0; i < graph.NodeCount; i++)
        {
            if (graph.Ids[i] != reference) continue;
            node = graph[(NodeIndex)i];
            return true;
        }

        node = default;
        return false;
    }

    public static List<Edge> EdgesOf(Node from)
    {
        var found = new List<Edge>();
        foreach (Edge edge in from.Edges) found.Add(edge);
        return found;
    }

    /// <summary>Where the only edge of this name leads.</summary>
    public static Node Target(Node from, string edge) => from.Graph[Assert.Single(EdgesOf(from), e => e.Name == edge).Target];

    public HeapObject this[ulong reference] => Heap[Heap.IndexOf(reference)];

    public void Dispose()
    {
        Heap.Dispose();
        Image.Dispose();
        _folder.Dispose();
    }
}

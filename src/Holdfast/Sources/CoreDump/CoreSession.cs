using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump;

/// <summary>
/// An open core dump, for questions about its values, frames and memory: what a debugger would answer. What several questions need is
/// read once and kept. Not for use by several threads at once.
/// </summary>
public sealed class CoreSession : IDisposable
{
    private readonly bool _includeGarbage;
    private bool _isKept;

    private CoreSession(CoreImage image, V8Heap heap, IReadOnlyList<IsolateInfo> isolates, IsolateInfo isolate, bool includeGarbage)
    {
        Image = image;
        Heap = heap;
        Isolates = isolates;
        Isolate = isolate;
        _includeGarbage = includeGarbage;
        Strings = new HeapStrings(heap);
        Scopes = new ScopeInfos(heap, Strings);
        Functions = new FunctionNames(heap, Strings, Scopes);
        Lines = new ScriptLines(heap, Strings, Functions, Scopes);
        Classes = new ConstructorNames(heap, Strings, Functions);
        Properties = new PropertyReader(heap);
        heap.CodeTable = CodeTable.Of(heap, isolate);
    }

    /// <summary>What to call it in messages.</summary>
    public string Name => Image.Name;

    /// <summary>The version of V8.</summary>
    public string V8Version => Heap.Version.ToString();

    /// <summary>The thread whose heap it is: <c>main</c>, or a worker's name.</summary>
    public string Thread => Isolate.Name;

    /// <summary>How many threads have a heap.</summary>
    public int ThreadCount => Isolates.Count;

    /// <summary>Objects of all threads, also those nothing holds any more.</summary>
    public int ObjectCount => Heap.Count;

    internal CoreImage Image { get; }

    internal V8Heap Heap { get; }

    internal IReadOnlyList<IsolateInfo> Isolates { get; }

    /// <summary>The isolate that was asked for.</summary>
    internal IsolateInfo Isolate { get; }

    internal HeapStrings Strings { get; }

    internal ScopeInfos Scopes { get; }

    internal FunctionNames Functions { get; }

    internal ScriptLines Lines { get; }

    internal ConstructorNames Classes { get; }

    internal PropertyReader Properties { get; }

    /// <param name="file">The open core; closed with this session.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="options">The binary, the thread, whether garbage counts.</param>
    /// <param name="work">Progress, warnings and cancellation.</param>
    /// <exception cref="InputException">It is no core dump, or has no heap that can be read.</exception>
    public static CoreSession Open(FileStream file, string name, CoreOptions options, Work work)
    {
        CoreImage? image = null;
        V8Heap? heap = null;
        try
        {
            image = CoreImage.Open(file, name, options.Program, work);
            heap = HeapReader.Read(image, options.Force, work);
            IReadOnlyList<IsolateInfo> isolates = IsolateFinder.Find(image, heap);
            return new CoreSession(image, heap, isolates, CoreReader.Choose(isolates, name, options.Thread, work), options.IncludeGarbage);
        }
        catch
        {
            heap?.Dispose();
            image?.Dispose();
            throw;
        }
    }

    /// <summary>The heap as a graph, as if the core were opened for that alone.</summary>
    public HeapGraph BuildGraph(Work work)
    {
        StartQuestion();
        return CoreReader.Build(Image, Heap, Isolates, Isolate, _includeGarbage, work);
    }

    /// <summary>Limits on what is followed are for each question, not for all of a session.</summary>
    internal void StartQuestion()
    {
        Heap.ForgetShared();
        Strings.ForgetParts();
    }

    /// <summary>From now on only <see cref="Close"/> ends it: for many commands.</summary>
    internal void Keep() => _isKept = true;

    /// <summary>Ends it, kept or not.</summary>
    internal void Close()
    {
        _isKept = false;
        Dispose();
    }

    public void Dispose()
    {
        if (_isKept) return;
        Heap.Dispose();
        Image.Dispose();
    }
}

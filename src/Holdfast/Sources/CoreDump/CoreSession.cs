using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;
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
    private BitColumn? _counted;
    private ObjectCensus? _census;

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
        Primitives = new PrimitiveReader(this);
        ElementTypes = new ElementTypes(this);
        PrivateSymbols = new PrivateSymbols(heap, isolate);
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

    internal PrimitiveReader Primitives { get; }

    internal ElementTypes ElementTypes { get; }

    internal PrivateSymbols PrivateSymbols { get; }

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
            return new CoreSession(image, heap, isolates, options.AllThreads && isolates.Count > 0 ? isolates[0] : CoreReader.Choose(isolates, name, options.Thread, work), options.IncludeGarbage);
        }
        catch
        {
            heap?.Dispose();
            image?.Dispose();
            throw;
        }
    }

    /// <summary>What a property's key is called: <c>name</c>, <c>[Symbol(x)]</c>, <c>#x</c>, <c>[[error_stack]]</c> where only V8 knows it.</summary>
    internal string KeyName(ulong key)
    {
        int index = Heap.IndexOf(key);
        if (index < 0) return "???";
        HeapObject name = Heap[index];
        if (name.Traits.IsString) return Strings.Read(name);
        if (name.Kind != ObjectKind.Symbol) return "???";
        string description = Primitives.Description(name);
        if (!Primitives.IsPrivate(name)) return $"[Symbol({description})]";
        return description.StartsWith('#') ? description : description.Length == 0 ? $"[[{PrivateSymbols.NameOf(key) ?? "V8"}]]" : $"[[{description}]]";
    }

    /// <summary>A bit for each object that answers count: those that something holds, and garbage where it was asked for.</summary>
    internal BitColumn Counted(Work work)
    {
        if (_counted is not null) return _counted;
        List<RootEdge> roots = RootFinder.Run(Image, Heap, Isolate, work);
        using Reachability reached = Reachability.Run(Heap, Isolate.Heap, roots.Where(r => !r.IsWeak).Select(r => r.Object), work);
        var counted = new BitColumn(reached.Marked.Length);
        reached.Marked.Words.CopyTo(counted.Words);
        if (_includeGarbage) counted.Words.Fill(ulong.MaxValue);
        return _counted = counted;
    }

    /// <summary>Names of constructors, without a graph.</summary>
    public IReadOnlyList<string> ConstructorNames(Work work) => Census(work).Names;

    /// <summary>Names of properties, without a graph.</summary>
    /// <param name="most">Names that are given.</param>
    /// <param name="work">Cancellation.</param>
    public IReadOnlyCollection<string> PropertyNames(int most, Work work) => CoreNames.Properties(this, most, work);

    /// <summary>Objects by constructor, counted once.</summary>
    internal ObjectCensus Census(Work work) => _census ??= ObjectCensus.Run(this, work);

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
        _counted?.Dispose();
        Heap.Dispose();
        Image.Dispose();
    }
}

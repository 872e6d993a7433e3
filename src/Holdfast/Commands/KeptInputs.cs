using Holdfast.Analyses;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Commands;

/// <summary>Inputs that stay open between commands, by what they are called: for a shell.</summary>
public sealed class KeptInputs : IDisposable
{
    private readonly Dictionary<(string Input, bool AllThreads), CoreSession> _cores = [];
    private readonly Dictionary<string, Heap> _heaps = [];

    /// <summary>A core that is open: for one thread's heap, or for the stacks of all threads.</summary>
    public CoreSession? Core(string input, bool allThreads = false) => _cores.GetValueOrDefault((input, allThreads));

    public Heap? Heap(string input) => _heaps.GetValueOrDefault(input);

    public void Dispose()
    {
        foreach (Heap heap in _heaps.Values) heap.Close();
        foreach (CoreSession core in _cores.Values) core.Close();
    }

    internal void Add(string input, bool allThreads, CoreSession core)
    {
        core.Keep();
        _cores.Add((input, allThreads), core);
    }

    internal void Add(string input, Heap heap) => _heaps.Add(input, heap);
}

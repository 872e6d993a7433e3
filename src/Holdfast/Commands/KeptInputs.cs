using Holdfast.Analyses;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Commands;

/// <summary>Inputs that stay open between commands, by what they are called: for a shell.</summary>
public sealed class KeptInputs : IDisposable
{
    private readonly Dictionary<string, CoreSession> _cores = [];
    private readonly Dictionary<string, Heap> _heaps = [];

    public CoreSession? Core(string input) => _cores.GetValueOrDefault(input);

    public Heap? Heap(string input) => _heaps.GetValueOrDefault(input);

    public void Dispose()
    {
        foreach (Heap heap in _heaps.Values) heap.Close();
        foreach (CoreSession core in _cores.Values) core.Close();
    }

    internal void Add(string input, CoreSession core)
    {
        core.Keep();
        _cores.Add(input, core);
    }

    internal void Add(string input, Heap heap) => _heaps.Add(input, heap);
}

using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Capture;

namespace Holdfast.Commands;

/// <summary>Inputs that stay open between commands, by what they are called: for a shell.</summary>
public sealed class KeptInputs : IDisposable
{
    private readonly Dictionary<(string Input, bool AllThreads), CoreSession> _cores = [];
    private readonly Dictionary<string, Heap> _heaps = [];
    private readonly Dictionary<string, FileStream> _captured = [];

    /// <summary>A core that is open: for one thread's heap, or for the stacks of all threads.</summary>
    public CoreSession? Core(string input, bool allThreads = false) => _cores.GetValueOrDefault((input, allThreads));

    public Heap? Heap(string input) => _heaps.GetValueOrDefault(input);

    public void Dispose()
    {
        foreach (Heap heap in _heaps.Values) heap.Close();
        foreach (CoreSession core in _cores.Values) core.Close();
        foreach (FileStream captured in _captured.Values) captured.Dispose();
    }

    /// <summary>
    /// The memory of a running process as a core; null where the input is none. It is taken once: all questions are about the same moment,
    /// and the process is stopped for the first only.
    /// </summary>
    /// <exception cref="InputException">There is no such process, it is not Node's, or its memory may not be read.</exception>
    internal FileStream? OpenLive(string input, Work work)
    {
        if (!LiveTarget.IsOne(input) || LiveTarget.Parse(input) is not { Kind: LiveTargetKind.Process } target) return null;
        if (!_captured.TryGetValue(input, out FileStream? captured)) _captured[input] = captured = MemoryCapture.Open(target, work);
        return new FileStream($"/proc/self/fd/{captured.SafeFileHandle.DangerousGetHandle()}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    internal void Add(string input, bool allThreads, CoreSession core)
    {
        core.Keep();
        _cores.Add((input, allThreads), core);
    }

    internal void Add(string input, Heap heap) => _heaps.Add(input, heap);
}

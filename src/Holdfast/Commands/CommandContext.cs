using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.Perf;

namespace Holdfast.Commands;

/// <summary>What a command runs in: where its inputs come from, and who watches.</summary>
/// <param name="work">Progress, warnings and cancellation.</param>
/// <param name="standardInput">Where <c>-</c> reads from.</param>
/// <param name="cores">How core dumps are read.</param>
/// <param name="kept">Where inputs stay open for the next command, or null where each command opens its own.</param>
public sealed class CommandContext(Work work, Func<Stream> standardInput, CoreOptions? cores = null, KeptInputs? kept = null) : IDisposable
{
    public Work Work => work;

    /// <summary>Shows a report until the next one comes, where somebody watches; null where nobody does.</summary>
    public Action<Report>? Live { get; init; }

    /// <summary>What <c>-</c> reads.</summary>
    public Stream OpenStandardInput() => standardInput();

    /// <summary>Loads an input. The caller disposes it, the sooner the less memory is needed.</summary>
    /// <exception cref="InputException">There is no such input, or it is not what Holdfast reads.</exception>
    public Heap Open(string input) => Open(input, null);

    /// <summary>Loads an input that is open as a core dump already, or one that is none.</summary>
    internal Heap Open(string input, CoreSession? open)
    {
        if (kept is null) return new(open is null ? Load(input) : open.BuildGraph(work), work);
        if (kept.Heap(input) is not { } heap)
        {
            heap = new Heap(TryOpenCore(input) is { } core ? core.BuildGraph(work) : Load(input), work);
            kept.Add(input, heap);
        }

        heap.Keep(work);
        return heap;
    }

    /// <summary>Opens a core dump for what a debugger would answer. The caller disposes it.</summary>
    /// <param name="input">The core.</param>
    /// <param name="allThreads">Whether the thread that was asked for is not the isolate to read, but one of all threads to choose later.</param>
    /// <exception cref="InputException">There is no such input, or it is no core dump.</exception>
    public CoreSession OpenCore(string input, bool allThreads = false) => TryOpenCore(input, allThreads)
        ?? throw new InputException($"{input}: is no core dump, and this needs one: a snapshot has neither stacks nor values. Take a core with gcore; `holdfast pack` makes it small.");

    /// <summary>Opens a core dump; null where the input is something else.</summary>
    /// <exception cref="InputException">There is no such input.</exception>
    public CoreSession? TryOpenCore(string input, bool allThreads = false)
    {
        CoreSession? core = kept?.Core(input, allThreads);
        if (core is null)
        {
            CoreOptions options = (cores ?? CoreOptions.Default) with { AllThreads = allThreads };
            core = kept?.OpenLive(input, work) is { } live ? CoreSession.Open(live, input, options, work) : SourceDetector.TryOpenCore(input, standardInput, options, work);
            if (core is not null) kept?.Add(input, allThreads, core);
        }

        core?.StartQuestion();
        return core;
    }

    /// <summary>Reads an input that is a profile of stacks; null where it is something else, which can then be opened as a heap.</summary>
    /// <exception cref="InputException">There is no such input, or it is a profile that cannot be read.</exception>
    public StackProfile? TryOpenStacks(string input, PerfTextOptions options) => StackDetector.TryRead(input, ref standardInput, options, work);

    /// <summary>Loads an input as a graph, from which nothing more is to be derived. The caller disposes it.</summary>
    /// <exception cref="InputException">There is no such input, or it is not what Holdfast reads.</exception>
    public HeapGraph Load(string input) => SourceDetector.Load(input, standardInput, cores ?? CoreOptions.Default, work);

    /// <summary>Gives back the memory that was kept from one column for the next.</summary>
    public void Dispose() => BlockCache.Clear();
}

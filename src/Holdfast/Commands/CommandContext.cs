using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Commands;

/// <summary>What a command runs in: where its inputs come from, and who watches.</summary>
public sealed class CommandContext(Work work, Func<Stream> standardInput, CoreOptions? cores = null) : IDisposable
{
    public Work Work => work;

    /// <summary>Loads an input. The caller disposes it, the sooner the less memory is needed.</summary>
    /// <exception cref="InputException">There is no such input, or it is not what Holdfast reads.</exception>
    public Heap Open(string input) => new(Load(input), work);

    /// <summary>Loads an input as a graph, from which nothing more is to be derived. The caller disposes it.</summary>
    /// <exception cref="InputException">There is no such input, or it is not what Holdfast reads.</exception>
    public HeapGraph Load(string input) => SourceDetector.Load(input, standardInput, cores ?? CoreOptions.Default, work);

    /// <summary>Gives back the memory that was kept from one column for the next.</summary>
    public void Dispose() => BlockCache.Clear();
}

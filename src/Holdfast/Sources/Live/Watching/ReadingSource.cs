using Holdfast.Model.Watching;

namespace Holdfast.Sources.Live.Watching;

/// <summary>Where readings come from.</summary>
internal abstract class ReadingSource : IDisposable
{
    /// <summary>What it is, in words: <c>/proc of pid 12</c>.</summary>
    public abstract string Description { get; }

    /// <summary>Whether readings are of the past, so that one need not wait between them.</summary>
    public virtual bool IsRecorded => false;

    /// <summary>The next reading; null where there are no more.</summary>
    /// <exception cref="Common.InputException">It cannot be read.</exception>
    public abstract Reading? Read(CancellationToken stop);

    public abstract void Dispose();
}

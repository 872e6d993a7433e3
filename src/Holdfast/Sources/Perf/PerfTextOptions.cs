using Holdfast.Common;

namespace Holdfast.Sources.Perf;

/// <summary>What the outermost frame says of the process.</summary>
public enum ProcessPrefix
{
    Name,
    NameAndProcess,
    NameProcessAndThread,
}

/// <summary>How the text of <c>perf script</c> is read.</summary>
public sealed record PerfTextOptions
{
    /// <summary>Fold exactly as stackcollapse-perf.pl does, where it is wrong too.</summary>
    public bool IsCompatible { get; init; }

    /// <summary>What the outermost frame says.</summary>
    public ProcessPrefix Prefix { get; init; }

    /// <summary>Events whose samples count, or none for the first event there is.</summary>
    public IReadOnlyList<Glob> Events { get; init; } = [];

    /// <summary>Compatible folding: mark frames of the kernel with <c>_[k]</c>.</summary>
    public bool MarkKernel { get; init; }

    /// <summary>Compatible folding: mark frames of generated code with <c>_[j]</c>.</summary>
    public bool MarkJit { get; init; }

    /// <summary>Names what perf has no name for, in the words of V8's maps for it, by address; null where nobody knows.</summary>
    public Func<ulong, string?>? NameOf { get; init; }

    /// <summary>Frames without a name say their address.</summary>
    public bool ShowAddresses { get; init; }
}

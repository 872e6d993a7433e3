namespace Holdfast.Analyses.Flame;

/// <summary>What frames are merged by.</summary>
public enum FrameGrouping
{
    /// <summary>Functions as they are.</summary>
    None,

    /// <summary>Packages: the name below <c>node_modules</c>; the program's own code is one.</summary>
    Package,

    /// <summary>Files: scripts, and the binaries of native code.</summary>
    File,
}

/// <summary>How stacks become a tree.</summary>
public sealed record FlameOptions
{
    /// <summary>Whether a function is the same however V8 ran it. Two runs of a program hardly share stacks otherwise.</summary>
    public bool MergeTiers { get; init; } = true;

    /// <summary>Whether functions of Node's own scripts that follow one another are one frame.</summary>
    public bool CollapseInternals { get; init; }

    public FrameGrouping Grouping { get; init; }

    /// <summary>Whether the innermost frames are the roots.</summary>
    public bool Reverse { get; init; }

    /// <summary>Whether frames are called by their names and nothing else.</summary>
    public bool AsNamed { get; init; }

    /// <summary>Whether frames of the kernel end in <c>_[k]</c>.</summary>
    public bool MarkKernel { get; init; }

    /// <summary>Whether functions of JavaScript and other generated code end in <c>_[j]</c>.</summary>
    public bool MarkJit { get; init; }
}

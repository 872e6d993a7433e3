using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>
/// Stacks with weights, as a tree: a stack is the stack of its caller and one frame more, so what stacks share is there once.
/// 24 bytes a stack. Immutable once <see cref="StackProfileBuilder"/> has built it.
/// </summary>
public sealed class StackProfile
{
    private readonly StackFrame[] _frames;
    private readonly int[] _parents;
    private readonly int[] _stackFrames;
    private readonly long[] _weights;
    private readonly long[] _counts;

    internal StackProfile(
        ProfileFacts facts, ByteTable names, StackFrame[] frames, int[] parents, int[] stackFrames, long[] weights, long[] counts)
    {
        Facts = facts;
        Names = names;
        (_frames, _parents, _stackFrames, _weights, _counts) = (frames, parents, stackFrames, weights, counts);
    }

    public ProfileFacts Facts { get; }

    /// <summary>Names of functions, files and modules.</summary>
    public ByteTable Names { get; }

    /// <summary>Every different frame.</summary>
    public ReadOnlySpan<StackFrame> Frames => _frames;

    /// <summary>How many stacks there are, those that only lead to others too.</summary>
    public int StackCount => _parents.Length;

    /// <summary>By stack: the stack of its caller, which comes before it, or -1.</summary>
    public ReadOnlySpan<int> Parents => _parents;

    /// <summary>By stack: its innermost frame, in <see cref="Frames"/>.</summary>
    public ReadOnlySpan<int> StackFrames => _stackFrames;

    /// <summary>By stack: what was seen with exactly this stack, in <see cref="ProfileFacts.Unit"/>; never negative.</summary>
    public ReadOnlySpan<long> Weights => _weights;

    /// <summary>By stack: in how many samples, or of how many objects.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>All weights, at most the largest number.</summary>
    public long TotalWeight => Sum(_weights);

    /// <summary>All samples.</summary>
    public long TotalCount => Sum(_counts);

    private static long Sum(ReadOnlySpan<long> column)
    {
        long sum = 0;
        foreach (long value in column) sum = Saturating.Add(sum, value);
        return sum;
    }
}

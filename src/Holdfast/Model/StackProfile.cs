using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>
/// Stacks with weights, as a tree: a stack is the stack of its caller and one frame more, so what stacks share is there once.
/// 24 bytes a stack, and room to grow. Immutable once <see cref="StackProfileBuilder"/> has built it.
/// </summary>
public sealed class StackProfile
{
    private readonly StackFrame[] _frames;
    private readonly PairTable _stacks;
    private readonly long[] _weights;
    private readonly long[] _counts;

    internal StackProfile(
        ProfileFacts facts, ByteTable names, StackFrame[] frames, PairTable stacks, long[] weights, long[] counts)
    {
        Facts = facts;
        Names = names;
        (_frames, _stacks, _weights, _counts) = (frames, stacks, weights, counts);
    }

    public ProfileFacts Facts { get; }

    /// <summary>Names of functions, files and modules.</summary>
    public ByteTable Names { get; }

    /// <summary>Every different frame.</summary>
    public ReadOnlySpan<StackFrame> Frames => _frames;

    /// <summary>How many stacks there are, those that only lead to others too.</summary>
    public int StackCount => _stacks.Count;

    /// <summary>By stack: the stack of its caller, which comes before it, or -1.</summary>
    public ReadOnlySpan<int> Parents => _stacks.Firsts;

    /// <summary>By stack: its innermost frame, in <see cref="Frames"/>.</summary>
    public ReadOnlySpan<int> StackFrames => _stacks.Seconds;

    /// <summary>By stack: what was seen with exactly this stack, in <see cref="ProfileFacts.Unit"/>; never negative.</summary>
    public ReadOnlySpan<long> Weights => _weights.AsSpan(0, StackCount);

    /// <summary>By stack: in how many samples, or of how many objects.</summary>
    public ReadOnlySpan<long> Counts => _counts.AsSpan(0, StackCount);

    /// <summary>All weights, at most the largest number.</summary>
    public long TotalWeight => Sum(Weights);

    /// <summary>All samples.</summary>
    public long TotalCount => Sum(Counts);

    private static long Sum(ReadOnlySpan<long> column)
    {
        long sum = 0;
        foreach (long value in column) sum = Saturating.Add(sum, value);
        return sum;
    }
}

using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>Makes a <see cref="StackProfile"/>, sample by sample or node by node.</summary>
public sealed class StackProfileBuilder
{
    private readonly Dictionary<StackFrame, int> _frameNumbers = [];
    private readonly List<StackFrame> _frames = [];
    private readonly PairTable _stacks = new();
    private long[] _weights = new long[256];
    private long[] _counts = new long[256];
    private int[] _lastFrames = new int[256];
    private int[] _lastStacks = new int[256];
    private int _lastDepth;

    public ByteTable Names { get; } = new();

    /// <summary>Whether a weight reached the largest number.</summary>
    public bool HasOverflowed { get; private set; }

    public int StackCount => _stacks.Count;

    /// <summary>The innermost frame of a stack.</summary>
    public int FrameOf(int stack) => _stacks.Seconds[stack];

    /// <summary>The number of a frame, which is added where it is new.</summary>
    public int AddFrame(StackFrame frame)
    {
        if (_frameNumbers.TryGetValue(frame, out int known)) return known;
        _frameNumbers.Add(frame, _frames.Count);
        _frames.Add(frame);
        return _frames.Count - 1;
    }

    /// <summary>The number of the stack that is another one (-1: none) and a frame more.</summary>
    public int AddStack(int parent, int frame)
    {
        int stack = _stacks.Add(parent, frame);
        if (stack >= _weights.Length)
        {
            Array.Resize(ref _weights, _weights.Length * 2);
            Array.Resize(ref _counts, _counts.Length * 2);
        }

        return stack;
    }

    /// <summary>Counts something for a stack.</summary>
    public void AddWeight(int stack, long weight, long count)
    {
        long sum = Saturating.Add(_weights[stack], weight);
        HasOverflowed |= sum == long.MaxValue;
        _weights[stack] = sum;
        _counts[stack] = Saturating.Add(_counts[stack], count);
    }

    /// <summary>Counts a sample. One after another mostly share their outer frames, which are then not looked up again.</summary>
    /// <param name="frames">Frames, the innermost first.</param>
    /// <param name="weight">What it stands for.</param>
    public void AddSample(ReadOnlySpan<int> frames, long weight)
    {
        if (frames.IsEmpty) return;
        if (frames.Length > _lastFrames.Length)
        {
            Array.Resize(ref _lastFrames, frames.Length * 2);
            Array.Resize(ref _lastStacks, frames.Length * 2);
        }

        int depth = 0, common = Math.Min(_lastDepth, frames.Length);
        while (depth < common && _lastFrames[depth] == frames[frames.Length - 1 - depth]) depth++;
        int stack = depth == 0 ? -1 : _lastStacks[depth - 1];
        for (; depth < frames.Length; depth++)
        {
            int frame = frames[frames.Length - 1 - depth];
            stack = AddStack(stack, frame);
            (_lastFrames[depth], _lastStacks[depth]) = (frame, stack);
        }

        _lastDepth = frames.Length;
        AddWeight(stack, weight, 1);
    }

    /// <summary>What was added, as a profile. The builder is not to be used after that.</summary>
    public StackProfile Build(ProfileFacts facts)
    {
        _stacks.EndAdding();
        return new StackProfile(facts, Names, [.. _frames], _stacks, _weights, _counts);
    }
}

using System.Buffers.Text;
using System.Globalization;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>Reads folded stacks: <c>outermost;…;innermost 12</c>, a line a stack.</summary>
internal sealed class FoldedReader(StackLines lines, Work work)
{
    private readonly StackProfileBuilder _builder = new();
    private readonly ByteTable _known = new();
    private readonly List<int> _knownFrames = [];
    private readonly BadLines _bad = new();
    private int[] _stack = new int[256];
    private long _cut;
    private long _samples;

    public static StackProfile Read(StackLines lines, Work work) => new FoldedReader(lines, work).Read();

    /// <summary>Whether a line is a stack with a weight.</summary>
    public static bool IsFolded(ReadOnlySpan<byte> line) => TryCut(line, out _, out _);

    private StackProfile Read()
    {
        while (lines.TryNext(out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty || line[0] == '#') continue;
            if (lines.IsOverlong || !TryCut(line, out ReadOnlySpan<byte> stack, out long weight)) _bad.Add(lines.Number, line);
            else Add(stack, weight);
        }

        if (_samples == 0) throw new InputException($"{lines.InputName}: has no stacks: {(_bad.Count > 0 ? "found " + _bad.Places() : "is empty")}; expected folded stacks (`a;b;c 12`).");
        _bad.Warn(lines.InputName, "the form 'a;b;c 12'", work);
        if (_cut > 0) work.Warn($"{lines.InputName}: {_cut.ToString(CultureInfo.InvariantCulture)} stacks have more than {nameof(Limits.MaxStackDepth)} = {Limits.MaxStackDepth} frames; the inner ones are left out.");
        if (_builder.HasOverflowed) work.Warn($"{lines.InputName}: weights add up to more than {long.MaxValue}; sums stop there and shares are not to be trusted.");
        return _builder.Build(new ProfileFacts("folded", "samples", "samples", false, [new ProfileEvent("samples", _samples, 0, true)], null));
    }

    private void Add(ReadOnlySpan<byte> stack, long weight)
    {
        int depth = 0;
        while (true)
        {
            int end = stack.IndexOf((byte)';');
            if (depth == Limits.MaxStackDepth)
            {
                _cut++;
                break;
            }

            if (depth == _stack.Length) Array.Resize(ref _stack, depth * 2);
            _stack[depth] = Frame(end < 0 ? stack : stack[..end], depth == 0);
            depth++;
            if (end < 0) break;
            stack = stack[(end + 1)..];
        }

        _stack.AsSpan(0, depth).Reverse();
        _builder.AddSample(_stack.AsSpan(0, depth), weight);
        _samples++;
    }

    private int Frame(ReadOnlySpan<byte> name, bool isFirst)
    {
        int known = _known.Find(name);
        if (known >= 0) return _knownFrames[known];
        int frame = _builder.AddFrame(Parse(name, isFirst));
        _known.Add(name);
        _knownFrames.Add(frame);
        return frame;
    }

    private StackFrame Parse(ReadOnlySpan<byte> name, bool isFirst)
    {
        if (ScriptName.TryParse(name, out ScriptName script))
            return new StackFrame(_builder.Names.Add(script.Function), script.File.IsEmpty ? -1 : _builder.Names.Add(script.File), -1, script.Line, script.Column, FrameKind.JavaScript, script.Tier);
        FrameKind kind = name.EndsWith("_[k]"u8) ? FrameKind.Kernel
            : name is [(byte)'[', .., (byte)']'] ? FrameKind.Unknown
            : NativeNames.KindOf(name, default, isUnknown: false);
        if (isFirst && kind == FrameKind.Native) kind = FrameKind.Process;
        return new StackFrame(_builder.Names.Add(name), -1, -1, 0, 0, kind, CodeTier.Unknown);
    }

    /// <summary>Stack and weight, which is behind the last space; a weight with a fraction is rounded.</summary>
    private static bool TryCut(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> stack, out long weight)
    {
        line = line.TrimEnd((byte)' ');
        int space = line.LastIndexOf((byte)' ');
        stack = space < 0 ? default : line[..space];
        weight = 0;
        if (space < 1) return false;
        ReadOnlySpan<byte> number = line[(space + 1)..];
        if (!number.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            weight = PerfLine.Number(number);
            return true;
        }

        if (!Utf8Parser.TryParse(number, out double fraction, out int used) || used != number.Length || !(fraction >= 0)) return false;
        weight = fraction >= long.MaxValue ? long.MaxValue : (long)Math.Round(fraction);
        return true;
    }
}

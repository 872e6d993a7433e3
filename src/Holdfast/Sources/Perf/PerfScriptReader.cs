using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>
/// Reads what <c>perf script</c> writes: samples of a header and a line a frame, the innermost first, with a blank line after each.
/// One pass, no text is kept but different names.
/// </summary>
internal sealed class PerfScriptReader
{
    private readonly StackLines _lines;
    private readonly PerfTextOptions _options;
    private readonly Work _work;
    private readonly StackProfileBuilder _builder = new();
    private readonly KnownLines _ofJava = new();
    private readonly KnownLines _ofOthers = new();
    private readonly BadLines _bad = new();
    private readonly EventTotals _events;
    private readonly PerfFrames _frames;
    private readonly CompatibleFrames _compatible;
    private readonly List<int> _read = [];
    private int[] _stack = new int[256];
    private int _depth;
    private long _left;
    private long _cutSamples;
    private bool _isIn;
    private bool _isKept;
    private bool _isJava;
    private int _process;
    private long _weight;
    private byte[] _prefix = new byte[64];
    private byte[] _tail = new byte[256];
    private int _tailLength;

    private PerfScriptReader(StackLines lines, PerfTextOptions options, Work work)
    {
        (_lines, _options, _work) = (lines, options, work);
        _events = new EventTotals(options);
        _frames = new PerfFrames(_builder, options);
        _compatible = new CompatibleFrames(_builder, options);
    }

    /// <summary>Reads a whole text.</summary>
    /// <exception cref="InputException">It has no samples, or none of the events asked for.</exception>
    public static StackProfile Read(StackLines lines, PerfTextOptions options, Work work) => new PerfScriptReader(lines, options, work).Read();

    // The script names functions of Java differently, by the process.
    private KnownLines Known => _isJava ? _ofJava : _ofOthers;

    private StackProfile Read()
    {
        while (_lines.TryNext(out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty) EndSample();
            else if (_lines.IsOverlong) _bad.Add(_lines.Number, line);
            else if (PerfLine.IsSpace(line[0])) TakeIndented(line);
            else if (line[0] != '#' && !TryBegin(line)) TakeFrame(line);
        }

        // The script forgets a last sample that no blank line ends.
        if (!_options.IsCompatible) EndSample();
        Explain();
        return _builder.Build(_events.Facts());
    }

    private void TakeIndented(ReadOnlySpan<byte> line)
    {
        // Without stacks perf sets commands flush right.
        if (!_isIn && !_options.IsCompatible && TryBegin(line)) return;
        TakeFrame(line);
    }

    private bool TryBegin(ReadOnlySpan<byte> line)
    {
        SampleHeader header;
        if (_options.IsCompatible ? !SampleHeader.TryParseCompatibly(line, out header) : !SampleHeader.TryParse(line, out header)) return false;
        if (!_options.IsCompatible) EndSample();
        _isIn = true;
        _isKept = _events.Count(header.Event, header.Weight, header.Time);
        if (!_isKept) return true;
        _weight = header.Weight;
        _process = AddProcess(header);
        KeepTail(header.Tail);
        return true;
    }

    private void TakeFrame(ReadOnlySpan<byte> line)
    {
        (int start, int end, int rest) = PerfLine.Address(line);
        if (!_isIn || end == start)
        {
            _bad.Add(_lines.Number, line);
            return;
        }

        // Lines of an event that does not count are none of anyone's business.
        if (!_isKept) return;
        int known = Find(line[start..end], line[rest..]);
        if (known < 0) _bad.Add(_lines.Number, line);
        else Push(Known.Frames(known));
    }

    /// <summary>The frames of a line among those that are known; -1 where it is no frame.</summary>
    private int Find(ReadOnlySpan<byte> address, ReadOnlySpan<byte> rest)
    {
        // Where names say addresses, the line is only known by both.
        ReadOnlySpan<byte> line = _options.ShowAddresses && rest.StartsWith("[unknown]"u8) ? [.. rest, .. address] : rest;
        int known = Known.Find(line);
        if (known >= 0) return known;
        _read.Clear();
        bool isFrame = _options.IsCompatible ? _compatible.TryRead(address, rest, _isJava, _read) : _frames.TryRead(address, rest, _read);
        if (!isFrame) return -1;
        return Known.Add(line, _read);
    }

    private void Push(ReadOnlySpan<int> frames)
    {
        if (_depth + frames.Length > Limits.MaxStackDepth)
        {
            _left += frames.Length;
            return;
        }

        if (_depth + frames.Length >= _stack.Length) Array.Resize(ref _stack, _stack.Length * 2 + frames.Length);
        foreach (int frame in frames) _stack[_depth++] = frame;
    }

    private void EndSample()
    {
        if (_isIn && _isKept)
        {
            if (_depth == 0 && _tailLength > 0) TakeTail();
            if (_left > 0) _cutSamples++;
            if (_depth == _stack.Length) Array.Resize(ref _stack, _depth + 1);
            _stack[_depth++] = _process;
            _builder.AddSample(_stack.AsSpan(0, _depth), _weight);
        }

        (_isIn, _isKept, _depth, _left, _tailLength) = (false, false, 0, 0, 0);
    }

    /// <summary>Where samples have no stacks, the one frame stands behind the event.</summary>
    private void TakeTail()
    {
        ReadOnlySpan<byte> tail = _tail.AsSpan(0, _tailLength);
        (int start, int end, int rest) = PerfLine.Address(tail);
        if (start != 0 || end < 1 || rest == end || !PerfLine.IsHex(tail[..end])) return;
        if (Find(tail[..end], tail[rest..]) is >= 0 and int known) Push(Known.Frames(known));
    }

    private void KeepTail(ReadOnlySpan<byte> tail)
    {
        _tailLength = 0;
        if (_options.IsCompatible || tail.IsEmpty) return;
        if (tail.Length > _tail.Length) Array.Resize(ref _tail, tail.Length);
        tail.CopyTo(_tail);
        _tailLength = tail.Length;
    }

    private int AddProcess(in SampleHeader header)
    {
        int length = 0;
        Append(header.Command, ref length);
        _prefix.AsSpan(0, length).Replace((byte)' ', (byte)'_');
        if (!_options.IsCompatible) _prefix.AsSpan(0, length).Replace((byte)';', (byte)':');
        if (_options.Prefix != ProcessPrefix.Name)
        {
            Append("-"u8, ref length);
            Append(header.Process.IsEmpty ? "?"u8 : header.Process, ref length);
        }

        if (_options.Prefix == ProcessPrefix.NameProcessAndThread)
        {
            Append("/"u8, ref length);
            Append(header.Thread, ref length);
        }

        // The published test data was made with this comparison; later versions of the script take every name that begins so.
        _isJava = _options.IsCompatible && _prefix.AsSpan(0, length).SequenceEqual("java"u8);
        return _builder.AddFrame(new StackFrame(_builder.Names.Add(_prefix.AsSpan(0, length)), -1, -1, 0, 0, FrameKind.Process, CodeTier.Unknown));
    }

    private void Append(ReadOnlySpan<byte> more, ref int length)
    {
        if (length + more.Length > _prefix.Length) Array.Resize(ref _prefix, Math.Max(length + more.Length, _prefix.Length * 2));
        more.CopyTo(_prefix.AsSpan(length));
        length += more.Length;
    }

    private void Explain()
    {
        _events.Check(_lines.InputName, _bad, _lines.Number);
        _bad.Warn(_lines.InputName, "the form perf script writes", _work);
        _events.Warn(_lines.InputName, _work);
        if (_cutSamples > 0)
            _work.Warn($"{_lines.InputName}: {_cutSamples} samples have more than {nameof(Limits.MaxStackDepth)} = {Limits.MaxStackDepth} frames; the outer ones are left out.");
        if (_builder.HasOverflowed)
            _work.Warn($"{_lines.InputName}: weights add up to more than {long.MaxValue}; sums stop there and shares are not to be trusted.");
        if (_lines.IsUnended && !_options.IsCompatible)
            _work.Warn($"{_lines.InputName}: the last line has no end: the file may be cut short, and its last sample with it.");
    }
}

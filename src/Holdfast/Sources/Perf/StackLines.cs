using Holdfast.Common;

namespace Holdfast.Sources.Perf;

/// <summary>A text a line at a time, numbered from 1; lines may end in CR LF.</summary>
/// <param name="stream">The text.</param>
/// <param name="inputName">The input, for messages.</param>
/// <param name="length">Bytes of the text, or -1 where only its end will tell.</param>
/// <param name="work">Progress and cancellation, looked at once a block.</param>
internal sealed class StackLines(Stream stream, string inputName, long length, Work work)
{
    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;
    private long _read;
    private bool _isOver;

    /// <summary>The number of the line that was given last.</summary>
    public long Number { get; private set; }

    /// <summary>Whether that line is longer than <see cref="Limits.MaxStackLineBytes"/>; its beginning was given.</summary>
    public bool IsOverlong { get; private set; }

    /// <summary>Whether that line ended with the text and not with a line feed.</summary>
    public bool IsUnended { get; private set; }

    public string InputName => inputName;

    /// <summary>The next line without its end; valid until the next is asked for.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        if (length < 0) return TryNextSlowly(out line);
        line = _buffer.AsSpan(_start, length);
        _start += length + 1;
        Number++;
        IsOverlong = false;
        if (line is [.., (byte)'\r']) line = line[..^1];
        return true;
    }

    private bool TryNextSlowly(out ReadOnlySpan<byte> line)
    {
        int looked = _end - _start;
        while (!_isOver && looked < Limits.MaxStackLineBytes)
        {
            Fill();
            int found = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (found >= 0) return TryNext(out line);
            looked = _end - _start;
        }

        line = _buffer.AsSpan(_start, _end - _start);
        if (line.IsEmpty) return false;
        Number++;
        IsOverlong = !_isOver;
        IsUnended = _isOver;
        if (!_isOver) line = line[..64];
        if (_isOver) _start = _end;
        else PassOver();
        return true;
    }

    /// <summary>Goes on to the end of a line that is too long; its beginning stays where it is.</summary>
    private void PassOver()
    {
        byte[] kept = _buffer;
        _buffer = new byte[256 << 10];
        (_start, _end) = (0, 0);
        while (!_isOver)
        {
            Fill();
            int end = _buffer.AsSpan(0, _end).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _start = end + 1;
                break;
            }

            _end = 0;
        }

        GC.KeepAlive(kept);
    }

    private void Fill()
    {
        work.ThrowIfCancelled();
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        try
        {
            int count = stream.Read(_buffer, _end, _buffer.Length - _end);
            _isOver = count == 0;
            _end += count;
            _read += count;
        }
        catch (Exception e) when (StackReadErrors.IsOne(e))
        {
            throw StackReadErrors.Explain(e, inputName, _read);
        }

        if (length > 0) work.Report("reading stacks", Math.Min(1, (double)_read / length));
    }
}

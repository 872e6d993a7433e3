using Holdfast.Common;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Reads a JSON text of any length from a stream, a buffer at a time: single bytes and words for structure,
/// and whole blocks of numbers for <see cref="NumberSection"/>.
/// </summary>
internal sealed class JsonCursor(Stream stream, string inputName, long knownLength, Work work)
{
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;
    private long _bufferOffset;
    private bool _streamEnded;

    /// <summary>The input's name, for messages.</summary>
    public string InputName => inputName;

    /// <summary>Length of the (decompressed) text, or -1 where only its end will tell.</summary>
    public long KnownLength => knownLength;

    /// <summary>Offset of the next byte in the (decompressed) text.</summary>
    public long Offset => _bufferOffset + _start;

    /// <summary>The bytes at hand, at least one unless the text has ended.</summary>
    public ReadOnlySpan<byte> Buffered()
    {
        if (_start == _end) Fill();
        return _buffer.AsSpan(_start, _end - _start);
    }

    /// <summary>More bytes than <see cref="Buffered"/> gave, or the same ones where the text has ended.</summary>
    public ReadOnlySpan<byte> BufferMore()
    {
        Fill();
        return _buffer.AsSpan(_start, _end - _start);
    }

    public void Advance(int count) => _start += count;

    /// <summary>The next byte without taking it, or -1 at the end.</summary>
    public int Peek() => _start < _end || Fill() ? _buffer[_start] : -1;

    /// <summary>The next byte that is not white space, without taking it, or -1 at the end.</summary>
    public int PeekToken()
    {
        int next;
        while ((next = Peek()) is ' ' or '\n' or '\r' or '\t') _start++;
        return next;
    }

    /// <summary>Takes the next token, which must be this character.</summary>
    public void Expect(char expected, string where)
    {
        int next = PeekToken();
        if (next != expected) throw Unexpected(next, $"'{expected}' {where}");
        _start++;
    }

    /// <summary>Takes the next token if it is this character.</summary>
    public bool Take(char expected)
    {
        if (PeekToken() != expected) return false;
        _start++;
        return true;
    }

    public InputException Unexpected(int found, string expected)
    {
        if (found < 0)
        {
            return new InputException($"{inputName}: the file ends at byte {Offset}, expected {expected}. "
                + "It was cut short: was the disk full, or the process killed while it wrote? Take the snapshot again.");
        }

        string what = found is > 0x20 and < 0x7F ? $"'{(char)found}'" : $"byte 0x{found:X2}";
        return InputException.At(inputName, Offset, what, expected, "The file is damaged, or no V8 heap snapshot.");
    }

    /// <summary>
    /// Moves text into <paramref name="target"/> up to its length, and keeps the rest for what reads next.
    /// </summary>
    /// <returns>Bytes moved; less than asked for only at the end of the text.</returns>
    public int Move(Span<byte> target)
    {
        int moved = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, moved).CopyTo(target);
        _start += moved;
        while (moved < target.Length && !_streamEnded)
        {
            // The buffer is empty here, so the stream may write past it, straight into the target.
            int read = ReadStream(target[moved..]);
            moved += read;
            _bufferOffset += read;
        }

        return moved;
    }

    /// <summary>Puts back bytes that <see cref="Move"/> took last.</summary>
    public void PutBack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        int kept = _end - _start;
        var buffer = bytes.Length + kept <= _buffer.Length ? _buffer : new byte[bytes.Length + kept];
        Array.Copy(_buffer, _start, buffer, bytes.Length, kept);
        bytes.CopyTo(buffer);
        _bufferOffset = Offset - bytes.Length;
        _buffer = buffer;
        _start = 0;
        _end = bytes.Length + kept;
    }

    private bool Fill()
    {
        if (_streamEnded) return false;
        work.ThrowIfCancelled();
        if (_start > 0)
        {
            Array.Copy(_buffer, _start, _buffer, 0, _end - _start);
            _bufferOffset += _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        int read = ReadStream(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    private int ReadStream(Span<byte> target)
    {
        try
        {
            int read = stream.Read(target);
            _streamEnded = read == 0;
            return read;
        }
        catch (Exception e) when (ReadErrors.IsOne(e))
        {
            throw ReadErrors.Explain(e, inputName, Offset);
        }
    }
}

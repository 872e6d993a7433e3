using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Writes the bytes of a JSON text to a stream through a buffer of its own. All of it is ASCII: characters beyond are
/// written as <c>\uXXXX</c>, as V8 does, so that nothing depends on how a reader decodes the file.
/// </summary>
internal sealed class JsonOutput(Stream stream)
{
    private const int MaxNumberDigits = 20;
    private const int MaxEscapeBytes = 12;

    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\', .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    private readonly byte[] _buffer = new byte[256 << 10];
    private int _used;

    public void Write(byte value)
    {
        if (_used == _buffer.Length) Flush();
        _buffer[_used++] = value;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > _buffer.Length - _used)
        {
            int part = _buffer.Length - _used;
            bytes[..part].CopyTo(_buffer.AsSpan(_used));
            bytes = bytes[part..];
            _used += part;
            Flush();
        }

        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    public void Write(ulong number)
    {
        if (_buffer.Length - _used < MaxNumberDigits) Flush();
        _ = Utf8Formatter.TryFormat(number, _buffer.AsSpan(_used), out int written);
        _used += written;
    }

    public void WriteThenComma(ulong number)
    {
        Write(number);
        Write((byte)',');
    }

    /// <summary>
    /// Writes a string with its quotes. A lone surrogate (three bytes of WTF-8) stays one; bytes that are no UTF-8
    /// become U+FFFD, as they do where they are shown.
    /// </summary>
    public void WriteString(ReadOnlySpan<byte> utf8)
    {
        Write((byte)'"');
        while (true)
        {
            int plain = utf8.IndexOfAny(Special);
            if (plain < 0) break;
            Write(utf8[..plain]);
            utf8 = utf8[plain..];
            if (_buffer.Length - _used < MaxEscapeBytes) Flush();
            utf8 = utf8[WriteEscape(utf8)..];
        }

        Write(utf8);
        Write((byte)'"');
    }

    public void Flush()
    {
        stream.Write(_buffer.AsSpan(0, _used));
        _used = 0;
    }

    /// <summary>Writes one character that needs an escape; gives how many bytes it took up.</summary>
    private int WriteEscape(ReadOnlySpan<byte> utf8)
    {
        byte first = utf8[0];
        if (first >= 0x80) return WriteBeyondAscii(utf8);
        byte letter = first switch
        {
            (byte)'"' => (byte)'"',
            (byte)'\\' => (byte)'\\',
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            _ => 0,
        };
        if (letter == 0)
        {
            WriteUnit(first);
        }
        else
        {
            _buffer[_used++] = (byte)'\\';
            _buffer[_used++] = letter;
        }

        return 1;
    }

    private int WriteBeyondAscii(ReadOnlySpan<byte> utf8)
    {
        if (utf8 is [0xED, >= 0xA0 and <= 0xBF, >= 0x80 and <= 0xBF, ..])
        {
            WriteUnit(0xD000 | (utf8[1] & 0x3F) << 6 | utf8[2] & 0x3F);
            return 3;
        }

        _ = Rune.DecodeFromUtf8(utf8, out Rune rune, out int length);
        if (rune.IsBmp)
        {
            WriteUnit(rune.Value);
        }
        else
        {
            WriteUnit(0xD800 + ((rune.Value - 0x10000) >> 10));
            WriteUnit(0xDC00 + (rune.Value & 0x3FF));
        }

        return length;
    }

    private void WriteUnit(int unit)
    {
        Span<byte> target = _buffer.AsSpan(_used, 6);
        "\\u"u8.CopyTo(target);
        for (int i = 5, rest = unit; i >= 2; i--, rest >>= 4) target[i] = "0123456789ABCDEF"u8[rest & 15];
        _used += 6;
    }
}

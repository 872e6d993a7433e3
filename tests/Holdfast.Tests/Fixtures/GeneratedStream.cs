using System.Text;

namespace Holdfast.Tests.Fixtures;

/// <summary>A text of any length made while it is read: parts that are repeated, one after another.</summary>
internal sealed class GeneratedStream : ReadOnlyStream
{
    private const int UnitBytes = 1 << 20;

    private readonly Queue<(byte[] Unit, long Length)> _parts = [];
    private long _given;

    /// <summary>Bytes of the whole text.</summary>
    public long TotalLength { get; private set; }

    public GeneratedStream Add(string text) => AddRepeated(text, 1);

    /// <summary>Adds a piece of text many times.</summary>
    public GeneratedStream AddRepeated(string text, long times)
    {
        byte[] once = Encoding.UTF8.GetBytes(text);
        int copies = (int)Math.Clamp(UnitBytes / Math.Max(1, once.Length), 1, times);
        var unit = new byte[once.Length * copies];
        for (int i = 0; i < copies; i++) once.CopyTo(unit, i * once.Length);
        _parts.Enqueue((unit, once.Length * times));
        TotalLength += once.Length * times;
        return this;
    }

    public override int Read(Span<byte> buffer)
    {
        int written = 0;
        while (written < buffer.Length && _parts.TryPeek(out (byte[] Unit, long Length) part))
        {
            int from = (int)(_given % part.Unit.Length);
            int count = (int)Math.Min(Math.Min(part.Unit.Length - from, buffer.Length - written), part.Length - _given);
            part.Unit.AsSpan(from, count).CopyTo(buffer[written..]);
            written += count;
            _given += count;
            if (_given < part.Length) continue;
            _parts.Dequeue();
            _given = 0;
        }

        return written;
    }
}

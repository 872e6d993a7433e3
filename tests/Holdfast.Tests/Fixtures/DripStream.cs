namespace Holdfast.Tests.Fixtures;

/// <summary>Gives its bytes a few at a time, as pipes and decompressors do.</summary>
internal sealed class DripStream(byte[] content, int most) : ReadOnlyStream
{
    private int _at;

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(Math.Min(most, buffer.Length), content.Length - _at);
        content.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }
}

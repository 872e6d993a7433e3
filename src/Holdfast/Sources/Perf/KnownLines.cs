using Holdfast.Common;

namespace Holdfast.Sources.Perf;

/// <summary>
/// Lines that were read before, with the frames they stand for: most lines of a text are among them, which is what makes
/// reading fast (bench/flame.sh). Starts anew after <see cref="Limits.MaxKnownLines"/> different ones.
/// </summary>
internal sealed class KnownLines
{
    private readonly ByteTable _lines = new();
    private readonly List<int> _frames = [];
    private readonly List<int> _ends = [];

    /// <summary>The line's number, or -1 where it is new.</summary>
    public int Find(ReadOnlySpan<byte> line) => _lines.Find(line);

    /// <summary>Frames of a line, innermost first.</summary>
    public ReadOnlySpan<int> Frames(int line)
    {
        int start = line == 0 ? 0 : _ends[line - 1];
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_frames)[start.._ends[line]];
    }

    /// <param name="line">A line that is new.</param>
    /// <param name="outermostFirst">Its frames.</param>
    public int Add(ReadOnlySpan<byte> line, List<int> outermostFirst)
    {
        if (_lines.Count >= Limits.MaxKnownLines)
        {
            _lines.Clear();
            _frames.Clear();
            _ends.Clear();
        }

        for (int i = outermostFirst.Count - 1; i >= 0; i--) _frames.Add(outermostFirst[i]);
        _ends.Add(_frames.Count);
        return _lines.Add(line);
    }
}

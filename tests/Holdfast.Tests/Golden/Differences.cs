using System.Text;

namespace Holdfast.Tests.Golden;

/// <summary>Collects where two tables differ and fails with the first of them, both values side by side.</summary>
internal sealed class Differences(string what)
{
    private const int Shown = 10;

    private readonly StringBuilder _text = new();
    private int _count;

    /// <summary>Values compared so far.</summary>
    public int Compared { get; private set; }

    public void Compare<T>(string row, string column, T expected, T actual)
    {
        Compared++;
        if (EqualityComparer<T>.Default.Equals(expected, actual)) return;
        Add($"{row}: {column}: DevTools has {expected}, Holdfast has {actual}");
    }

    public void Add(string difference)
    {
        if (++_count <= Shown) _text.Append('\n').Append(difference);
    }

    public void AssertNone()
    {
        Assert.True(Compared > 0, $"{what}: nothing was compared");
        if (_count > 0) Assert.Fail($"{what}: {_count} differences in {Compared} values. The first:{_text}");
    }
}

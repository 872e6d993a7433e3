using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>The string indexes that spell one name: one in V8's files, perhaps more in those of other producers.</summary>
internal readonly struct NameSet
{
    private readonly int[] _indexes;

    public NameSet(StringTable strings, ReadOnlySpan<byte> name)
    {
        var indexes = new List<int>();
        for (int i = 0; i < strings.Count; i++)
        {
            if (strings.Utf8Length(i) == name.Length && strings.Utf8(i).SequenceEqual(name)) indexes.Add(i);
        }

        _indexes = [.. indexes];
    }

    public bool Contains(int index)
    {
        foreach (int one in _indexes)
        {
            if (one == index) return true;
        }

        return false;
    }
}

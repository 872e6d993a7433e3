using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Analyses.Derived;

/// <summary>A map from sequences of numbers (the names of an object's properties) to values, for millions of lookups.</summary>
internal sealed class NameSequences<T>
{
    private readonly Dictionary<int[], T> _values = new(Comparer.Instance);
    private readonly Dictionary<int[], T>.AlternateLookup<ReadOnlySpan<int>> _lookup;

    public NameSequences() => _lookup = _values.GetAlternateLookup<ReadOnlySpan<int>>();

    public bool TryGet(ReadOnlySpan<int> names, [MaybeNullWhen(false)] out T value) => _lookup.TryGetValue(names, out value);

    public void Add(ReadOnlySpan<int> names, T value) => _values.Add(names.ToArray(), value);

    private sealed class Comparer : IEqualityComparer<int[]>, IAlternateEqualityComparer<ReadOnlySpan<int>, int[]>
    {
        public static Comparer Instance { get; } = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] names) => GetHashCode(names.AsSpan());

        public bool Equals(ReadOnlySpan<int> names, int[] other) => names.SequenceEqual(other);

        public int[] Create(ReadOnlySpan<int> names) => names.ToArray();

        public int GetHashCode(ReadOnlySpan<int> names)
        {
            ulong hash = (ulong)names.Length;
            foreach (int name in names) hash = (hash ^ (uint)name) * 0x9E3779B97F4A7C15;
            return (int)(hash >> 32);
        }
    }
}

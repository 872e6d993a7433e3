namespace Holdfast.Common;

/// <summary>Numbers from 0 for pairs of numbers, in the order they came: nodes of a tree by parent and label. 16 bytes a pair.</summary>
internal sealed class PairTable
{
    private int[] _firsts = new int[256];
    private int[] _seconds = new int[256];
    private int[] _slots = new int[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Firsts => _firsts.AsSpan(0, Count);

    public ReadOnlySpan<int> Seconds => _seconds.AsSpan(0, Count);

    /// <summary>The number of a pair, which is added where it is new.</summary>
    public int Add(int first, int second)
    {
        int mask = _slots.Length - 1, slot = Slot(first, second) & mask;
        while (_slots[slot] is > 0 and int found)
        {
            if (_firsts[found - 1] == first && _seconds[found - 1] == second) return found - 1;
            slot = (slot + 1) & mask;
        }

        if (Count == _firsts.Length)
        {
            Array.Resize(ref _firsts, Count * 2);
            Array.Resize(ref _seconds, Count * 2);
        }

        (_firsts[Count], _seconds[Count]) = (first, second);
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length) Spread();
        return Count - 1;
    }

    /// <summary>Gives back what only adding needs.</summary>
    public void EndAdding() => _slots = [];

    private static int Slot(int first, int second)
    {
        ulong mixed = ((ulong)(uint)first << 32 | (uint)second) * 0x9E3779B97F4A7C15;
        return (int)(mixed >> 33);
    }

    private void Spread()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int i = 0; i < Count; i++)
        {
            int slot = Slot(_firsts[i], _seconds[i]) & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }
}

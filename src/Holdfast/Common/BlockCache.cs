using System.Runtime.InteropServices;

namespace Holdfast.Common;

/// <summary>
/// Large blocks of memory between one column's end and the next one's beginning. Fresh pages must be cleared by the
/// system before they can be used, which costs about as much as filling them; columns of one graph are of a few
/// sizes, so most new ones can take over an old one's pages.
/// </summary>
internal static unsafe class BlockCache
{
    private const nuint LeastCached = 1 << 20;
    private const nuint Rounding = 1 << 20;

    private static readonly Lock Gate = new();
    private static readonly List<Block> Cached = [];

    /// <param name="Start">Where it is.</param>
    /// <param name="Bytes">How long it is.</param>
    public readonly record struct Block(nint Start, nuint Bytes);

    /// <summary>A block of at least this many bytes, all zero or with anything in it.</summary>
    public static Block Take(nuint bytes, bool zeroed)
    {
        if (bytes >= LeastCached)
        {
            // Columns of one graph differ by a few values; rounded, they fit into each other's blocks.
            bytes = (bytes + Rounding - 1) & ~(Rounding - 1);
            if (TryReuse(bytes) is { } block)
            {
                if (zeroed) NativeMemory.Clear((void*)block.Start, bytes);
                return block;
            }
        }

        void* fresh = NativeMemory.AllocZeroed(bytes);
        HugePages.Advise(fresh, bytes);
        return new Block((nint)fresh, bytes);
    }

    /// <summary>Makes a block longer or shorter; what is new in it can be anything.</summary>
    public static Block Resize(Block block, nuint bytes)
    {
        void* moved = NativeMemory.Realloc((void*)block.Start, bytes);
        HugePages.Advise(moved, bytes);
        return new Block((nint)moved, bytes);
    }

    public static void Return(Block block)
    {
        if (block.Bytes < LeastCached)
        {
            NativeMemory.Free((void*)block.Start);
            return;
        }

        lock (Gate) Cached.Add(block);
    }

    /// <summary>Gives all cached memory back to the system.</summary>
    public static void Clear()
    {
        lock (Gate) Free(nuint.MaxValue);
    }

    /// <summary>The smallest cached block that is neither too short nor more than twice as long. If there is none, as much goes as is taken fresh.</summary>
    private static Block? TryReuse(nuint bytes)
    {
        lock (Gate)
        {
            int best = -1;
            for (int i = 0; i < Cached.Count; i++)
            {
                nuint has = Cached[i].Bytes;
                if (has >= bytes && has / 2 <= bytes && (best < 0 || has < Cached[best].Bytes)) best = i;
            }

            if (best < 0)
            {
                Free(bytes);
                return null;
            }

            Block block = Cached[best];
            Cached.RemoveAt(best);
            return block;
        }
    }

    /// <summary>Gives back small blocks first, not more than these bytes: a cache that grows with every miss would add to the peak.</summary>
    private static void Free(nuint most)
    {
        Cached.Sort((a, b) => a.Bytes.CompareTo(b.Bytes));
        int count = 0;
        for (nuint freed = 0; count < Cached.Count && Cached[count].Bytes <= most - freed; count++)
        {
            freed += Cached[count].Bytes;
            NativeMemory.Free((void*)Cached[count].Start);
        }

        Cached.RemoveRange(0, count);
    }
}

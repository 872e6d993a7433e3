using Holdfast.Common;

namespace Holdfast.Analyses;

/// <summary>Objects of one class that came and went between two snapshots; sizes are shallow bytes.</summary>
public record struct ClassChange
{
    public int AddedCount { get; private set; }

    public int RemovedCount { get; private set; }

    public long AddedSize { get; private set; }

    public long RemovedSize { get; private set; }

    internal void Add(long size)
    {
        AddedCount++;
        AddedSize += size;
    }

    internal void Remove(long size)
    {
        RemovedCount++;
        RemovedSize += size;
    }

    public readonly bool IsNone => AddedCount == 0 && RemovedCount == 0;
}

/// <summary>
/// Which objects came and went between two snapshots of one process, by object id. An object whose class is another
/// in the later snapshot went from the one and came to the other.
/// Source: DevTools, HeapSnapshot.calculateDiffForClass.
/// </summary>
/// <param name="Changes">By class number.</param>
/// <param name="Kept">Objects in both, of the same class.</param>
public sealed record IdentityDiff(IReadOnlyList<ClassChange> Changes, int Kept)
{
    public static IdentityDiff Run(ObjectIds before, ObjectIds after, int classCount, Work work)
    {
        work.Report("comparing objects");
        var changes = new ClassChange[classCount];
        int kept = 0;
        Unchecked<ulong> beforeIds = before.Ids, afterIds = after.Ids;
        Unchecked<int> beforeClasses = before.Classes, afterClasses = after.Classes;
        int beforeCount = before.Ids.Length, afterCount = after.Ids.Length;
        int i = 0, j = 0;
        while (i < beforeCount && j < afterCount)
        {
            work.ThrowIfCancelled(i + j);
            ulong beforeId = beforeIds[i], afterId = afterIds[j];
            if (beforeId == afterId && beforeClasses[i] == afterClasses[j])
            {
                kept++;
                i++;
                j++;
                continue;
            }

            if (beforeId <= afterId) changes[beforeClasses[i]].Remove(before.Sizes[i++]);
            if (afterId <= beforeId) changes[afterClasses[j]].Add(after.Sizes[j++]);
        }

        for (; i < beforeCount; i++) changes[beforeClasses[i]].Remove(before.Sizes[i]);
        for (; j < afterCount; j++) changes[afterClasses[j]].Add(after.Sizes[j]);
        return new IdentityDiff(changes, kept);
    }
}

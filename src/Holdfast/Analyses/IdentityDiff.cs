using Holdfast.Common;

namespace Holdfast.Analyses;

/// <summary>Objects of one class that came and went between two snapshots; sizes are shallow bytes.</summary>
public record struct ClassChange
{
    public int AddedCount { get; internal set; }

    public int RemovedCount { get; internal set; }

    public long AddedSize { get; internal set; }

    public long RemovedSize { get; internal set; }

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
        int i = 0, j = 0;
        while (i < before.Ids.Length || j < after.Ids.Length)
        {
            work.ThrowIfCancelled(i + j);
            bool isBefore = j == after.Ids.Length || (i < before.Ids.Length && before.Ids[i] <= after.Ids[j]);
            bool isAfter = i == before.Ids.Length || (j < after.Ids.Length && after.Ids[j] <= before.Ids[i]);
            if (isBefore && isAfter && before.Classes[i] == after.Classes[j])
            {
                kept++;
                i++;
                j++;
                continue;
            }

            if (isBefore)
            {
                ref ClassChange change = ref changes[before.Classes[i]];
                change.RemovedCount++;
                change.RemovedSize += before.Sizes[i++];
            }

            if (isAfter)
            {
                ref ClassChange change = ref changes[after.Classes[j]];
                change.AddedCount++;
                change.AddedSize += after.Sizes[j++];
            }
        }

        return new IdentityDiff(changes, kept);
    }
}

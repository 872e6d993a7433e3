using CsCheck;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Tests.Analyses;

/// <summary>Which objects came and went, against sets of ids.</summary>
public sealed class IdentityDiffTests
{
    private static readonly string[] Names = ["Foo", "Bar", "Baz"];

    private readonly record struct Thing(ulong Id, int Name, long Size);

    private static readonly Gen<Thing[]> Things = Gen.Select(
            Gen.OneOf(Gen.ULong[2, 30], Gen.ULong[1UL << 40, (1UL << 40) + 10]), Gen.Int[0, 2], Gen.Long[0, 3], (id, name, size) => new Thing(id, name, size))
        .Array[0, 25].Select(things => things.DistinctBy(t => t.Id).ToArray());

    [Fact]
    public void Objects_came_went_and_stayed_as_sets_of_their_ids_and_classes_say() => Gen.Select(Things, Things).Sample(
        (before, after) =>
        {
            using Heap newer = Build(after), older = Build(before);
            older.ClassifyLike(newer.Classes);
            using ObjectIds first = ObjectIds.Run(older, Work.Unwatched), last = ObjectIds.Run(newer, Work.Unwatched);
            IdentityDiff diff = IdentityDiff.Run(first, last, newer.Classes.Catalog.Count, Work.Unwatched);

            Thing[] old = [.. before.Where(t => t.Size > 0)], young = [.. after.Where(t => t.Size > 0)];
            Thing[] gone = [.. old.Where(t => !young.Any(y => y.Id == t.Id && y.Name == t.Name))];
            Thing[] come = [.. young.Where(t => !old.Any(o => o.Id == t.Id && o.Name == t.Name))];
            Assert.Equal(old.Length - gone.Length, diff.Kept);
            for (int number = 0; number < diff.Changes.Count; number++)
            {
                string name = newer.Classes.Catalog[number].Name;
                Thing[] went = [.. gone.Where(t => Names[t.Name] == name)], came = [.. come.Where(t => Names[t.Name] == name)];
                ClassChange change = diff.Changes[number];
                Assert.Equal(
                    (came.Length, went.Length, came.Sum(t => t.Size), went.Sum(t => t.Size)),
                    (change.AddedCount, change.RemovedCount, change.AddedSize, change.RemovedSize));
                Assert.Equal(came.Length + went.Length == 0, change.IsNone);
            }

            Assert.Equal((come.Length, gone.Length), (diff.Changes.Sum(c => c.AddedCount), diff.Changes.Sum(c => c.RemovedCount)));
        },
        iter: 3_000);

    private static Heap Build(Thing[] things)
    {
        var parts = new HeapGraphBuilder();
        NodeIndex root = parts.AddNode(NodeType.Synthetic, "", 1, 0);
        foreach (Thing thing in things)
            parts.AddEdge(root, EdgeType.Element, 1, parts.AddNode(NodeType.Object, Names[thing.Name], thing.Id, thing.Size));
        return new Heap(parts.Build(), Work.Unwatched);
    }
}

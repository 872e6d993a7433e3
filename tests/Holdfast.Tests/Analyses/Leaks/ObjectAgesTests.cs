using CsCheck;
using Holdfast.Analyses.Leaks;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Tests.Analyses.Leaks;

/// <summary>Since when each object has been there, by its id.</summary>
public sealed class ObjectAgesTests
{
    [Fact]
    public void An_age_is_the_first_snapshot_of_those_before_that_has_the_id() =>
        Gen.Select(IdsOf, IdsOf, IdsOf).Sample((first, second, third) =>
        {
            using HeapGraph a = Objects(first), b = Objects(second), c = Objects(third);
            using ObjectIdentities before = ObjectIdentities.Run(a, Work.Unwatched), between = ObjectIdentities.Run(b, Work.Unwatched);
            using ObjectAges ages = ObjectAges.Run(c, [before, between], Work.Unwatched);
            int node = 1;
            foreach (ulong id in third)
            {
                int expected = id % 2 == 0 ? ObjectAges.Unknown : first.Contains(id) ? 0 : second.Contains(id) ? 1 : 2;
                Assert.Equal(expected, ages[(NodeIndex)node++]);
            }
        });

    [Fact]
    public void Ids_in_common_are_compared_by_what_they_are()
    {
        using HeapGraph a = Objects([3, 5, 7, 9]), b = Objects([5, 7, 9, 11], name: id => id == 7 ? "Other" : "Object");
        using ObjectIdentities before = ObjectIdentities.Run(a, Work.Unwatched), after = ObjectIdentities.Run(b, Work.Unwatched);
        Assert.Equal((4, 1), before.Compare(after));
        Assert.Equal((4, 1), after.Compare(before));
        Assert.Equal((5, 0), before.Compare(before));
        Assert.Equal(11UL, after.Newest);
    }

    private static Gen<ulong[]> IdsOf { get; } =
        Gen.OneOf(Gen.ULong[3, 40], Gen.ULong[5_000_000_001, 5_000_000_020]).Array[0, 20].Select(ids => ids.Distinct().ToArray());

    private static HeapGraph Objects(ulong[] ids, Func<ulong, string>? name = null)
    {
        var parts = new HeapGraphBuilder();
        NodeIndex root = parts.AddNode(NodeType.Synthetic, "", 1, 0);
        foreach (ulong id in ids) parts.AddEdge(root, EdgeType.Element, 1, parts.AddNode(NodeType.Object, name?.Invoke(id) ?? "Object", id, 16));
        return parts.Build();
    }
}

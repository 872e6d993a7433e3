using Holdfast.Analyses.Leaks;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Leaks;

/// <summary>What else holds a suspect's objects is told, and nothing where nothing does.</summary>
public sealed class OtherHoldersTests
{
    private const int Round = 30;

    [Fact]
    public void Objects_in_two_containers_are_told_with_both()
    {
        Suspect suspect = Find((heap, session, entry) => heap.Link(2, EdgeType.Element, entry.ToString(System.Globalization.CultureInfo.InvariantCulture), session));
        Assert.Equal("Session", suspect.Constructor);

        // Which of the two comes first is for the shortest way to say.
        Assert.Equal(["global.all (Array)", "global.sessions (Map)"], new[] { suspect.Holder.Name, suspect.AlsoHeldBy }.Order(StringComparer.Ordinal));
        Assert.Contains(suspect.Notes, n => n.Kind == "also_held" && n.Text.Contains(suspect.AlsoHeldBy!, StringComparison.Ordinal));
    }

    [Fact]
    public void Objects_that_only_one_container_holds_have_no_other_holder()
    {
        Suspect suspect = Find((_, _, _) => { });
        Assert.Equal(("Session", null), (suspect.Constructor, suspect.AlsoHeldBy));
        Assert.DoesNotContain(suspect.Notes, n => n.Kind == "also_held");
    }

    [Fact]
    public void A_second_holder_of_a_few_objects_is_none() =>
        Assert.Null(Find((heap, session, entry) =>
        {
            if (entry % 10 == 0) heap.Link(2, EdgeType.Element, entry.ToString(System.Globalization.CultureInfo.InvariantCulture), session);
        }).AlsoHeldBy);

    [Fact]
    public void A_weak_link_holds_nothing() =>
        Assert.Null(Find((heap, session, entry) =>
            heap.Link(2, EdgeType.Weak, entry.ToString(System.Globalization.CultureInfo.InvariantCulture), session)).AlsoHeldBy);

    /// <summary>Sessions in a Map, and whatever else is done with each; object 2 is the array <c>global.all</c>.</summary>
    private static Suspect Find(Action<LiveHeap, int, int> alsoHold)
    {
        var heap = new LiveHeap();
        heap.Global("all", "Array");
        int sessions = heap.Object("Map"), table = heap.Table(sessions);
        heap.Property(1, "sessions", sessions);
        LeakReport report = LiveHeap.FindLeaks(heap.Rounds(3, round =>
        {
            for (int i = 0; i < Round; i++)
            {
                int entry = round * Round + i;
                alsoHold(heap, heap.Put(table, entry, "Session"), entry);
            }
        }));

        return Assert.Single(report.Suspects);
    }
}

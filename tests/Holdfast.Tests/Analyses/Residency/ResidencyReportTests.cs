using Holdfast.Analyses.Residency;
using Holdfast.Model.Residency;

namespace Holdfast.Tests.Analyses.Residency;

/// <summary>What is made of where memory is.</summary>
public sealed class ResidencyReportTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(200, 10, 10, 5, ResidencyVerdict.JsHeap)]
    [InlineData(20, 200, 210, 5, ResidencyVerdict.ExternalBuffers)]
    [InlineData(20, 10, 210, 5, ResidencyVerdict.Native)]
    [InlineData(20, 10, 210, 190, ResidencyVerdict.Fragmentation)]
    public void Most_of_what_is_no_program_gives_the_verdict(long heap, long external, long malloc, long free, ResidencyVerdict verdict)
    {
        ResidencyReport report = ResidencyReport.Run(Picture(heap, external, malloc, free));
        Assert.Equal(verdict, report.Verdict);
        Assert.Equal((heap + malloc + 500) * MiB, report.Causes.Sum(c => c.Bytes));
        Assert.All(report.Causes, c => Assert.True(c.Bytes >= 0 && c.Growth is null));
    }

    [Fact]
    public void Of_two_looks_what_grew_counts_and_not_what_is_large()
    {
        MemoryPicture before = Picture(300, 100, 200, 10), now = Picture(300, 100, 230, 10);
        ResidencyReport report = ResidencyReport.Run(now, before);
        Assert.Equal((ResidencyVerdict.Native, 30 * MiB), (report.Verdict, report.RssGrowth!.Value));
        Assert.Equal(30 * MiB, report.Causes[0].Growth);
        Assert.Equal(ResidencyVerdict.NotGrowing, ResidencyReport.Run(before, before).Verdict);
        Assert.Equal(ResidencyVerdict.NotGrowing, ResidencyReport.Run(before, now).Verdict);
        Assert.Equal(ResidencyVerdict.ExternalBuffers, ResidencyReport.Run(Picture(300, 130, 230, 10), before).Verdict);
    }

    [Fact]
    public void Growth_of_less_than_half_a_percent_is_none() =>
        Assert.Equal(ResidencyVerdict.NotGrowing, ResidencyReport.Run(Picture(303, 100, 200, 10), Picture(300, 100, 200, 10)).Verdict);

    [Fact]
    public void Where_V8_does_not_say_what_is_outside_that_is_said()
    {
        ResidencyReport report = ResidencyReport.Run(Picture(20, null, 200, 0));
        Assert.Equal((ResidencyVerdict.Native, false), (report.Verdict, report.IsExternalKnown));
    }

    [Fact]
    public void Pages_that_V8_keeps_and_free_parts_of_others_are_fragmentation()
    {
        var heap = new HeapPicture("main", [new("old_space", 100 * MiB, 90 * MiB, 30 * MiB), new("new_space", 16 * MiB, 16 * MiB, 16 * MiB)], 40 * MiB, 0, 0);
        var picture = new MemoryPicture(default, 200 * MiB, [new(MemoryKind.V8Heap, 1, 200 * MiB, 146 * MiB, null), new(MemoryKind.Code, 1, 54 * MiB, 54 * MiB, null)], [heap], 1, null, 0);
        ResidencyReport report = ResidencyReport.Run(picture);
        Assert.Equal(ResidencyVerdict.Fragmentation, report.Verdict);
        Assert.Equal((100 * MiB, 46 * MiB), (report.Causes[0].Bytes, report.Causes.Single(c => c.Verdict == ResidencyVerdict.JsHeap).Bytes));
    }

    /// <summary>All in MiB; with 500 of programs.</summary>
    private static MemoryPicture Picture(long heap, long? external, long malloc, long free) => new(
        default, (heap + malloc + 500) * MiB,
        [new(MemoryKind.V8Heap, 1, heap * MiB, heap * MiB, null), new(MemoryKind.MallocMain, 1, malloc * MiB, malloc * MiB, free * MiB), new(MemoryKind.Code, 1, 500 * MiB, 500 * MiB, null)],
        [new HeapPicture("main", [new("old_space", heap * MiB, heap * MiB, heap * MiB)], 0, external * MiB, external * MiB)], 7, 20, 0);
}

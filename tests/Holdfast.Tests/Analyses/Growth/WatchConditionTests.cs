using Holdfast.Analyses.Growth;
using Holdfast.Common;
using Holdfast.Model.Watching;

namespace Holdfast.Tests.Analyses.Growth;

/// <summary>Conditions of <c>--capture-when</c>.</summary>
public sealed class WatchConditionTests
{
    private const double MiB = 1 << 20;

    /// <summary>rss rises by 1 MiB a second from 100 to 199 MiB, of 250; heap_used comes and goes; streams stand still.</summary>
    private static readonly WatchedProcess Growing = Watch(100);

    [Theory]
    [InlineData("slope(rss)>50MiB/min", true)]
    [InlineData("slope(rss) > 70MiB/min", false)]
    [InlineData("slope(rss)>3GiB/h", true)]
    [InlineData("slope>1MiB/min", false)]
    [InlineData("rss>190MiB", true)]
    [InlineData("rss>0.5GiB", false)]
    [InlineData("rss>200MB", true)]
    [InlineData("rss>75%", true)]
    [InlineData("rss>85%", false)]
    [InlineData("limit>75%", true)]
    [InlineData("limit >= 85%", false)]
    [InlineData("streams<6", true)]
    [InlineData("streams<=4", false)]
    [InlineData("time_to_limit<1min", true)]
    [InlineData("time_to_limit<10s", false)]
    [InlineData("rss>1GiB or streams>4", true)]
    [InlineData("rss>1GiB || streams>5", false)]
    [InlineData("rss>1MiB and streams>4", true)]
    [InlineData("rss>1MiB && streams>5", false)]
    [InlineData("nothing>1", false)]
    public void A_condition_holds_or_not(string text, bool holds) => Assert.Equal(holds, WatchCondition.Parse(text).Holds(Growing));

    [Fact]
    public void What_cannot_be_told_yet_does_not_hold()
    {
        Assert.False(WatchCondition.Parse("slope(rss)>1/h").Holds(Watch(3)));
        Assert.False(WatchCondition.Parse("slope>1/h").Holds(new WatchedProcess()));
        Assert.False(WatchCondition.Parse("time_to_limit<10d").Holds(Watch(2)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("slope")]
    [InlineData("slope>1MiB")]
    [InlineData("rss>1MiB/min")]
    [InlineData("limit>5MiB")]
    [InlineData("rss>1XiB")]
    [InlineData("rss=5")]
    [InlineData("rss>1 and")]
    [InlineData("slope>1MiB/year")]
    [InlineData("time_to_limit<5")]
    [InlineData("slope>5%/min")]
    public void What_is_no_condition_is_refused_with_an_example(string text) =>
        Assert.Contains("expected", Assert.Throws<InputException>(() => WatchCondition.Parse(text)).Message, StringComparison.Ordinal);

    private static WatchedProcess Watch(int readings)
    {
        var process = new WatchedProcess();
        for (int i = 0; i < readings; i++)
        {
            process.Add(new Reading(DateTimeOffset.UnixEpoch.AddSeconds(i),
                [new("rss", null, MeasureKind.Bytes, (100 + i) * MiB), new("heap_used", "main", MeasureKind.CollectedBytes, (20 + (i % 5)) * MiB), new("streams", null, MeasureKind.Count, 5)],
                [new("cgroup", "rss", null, 250 * MiB)]));
        }

        return process;
    }
}

namespace Holdfast.Tests.Fixtures;

/// <summary>
/// Tests that look at how much memory the whole process has: they run after all others, one at a time. What others map would count.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}

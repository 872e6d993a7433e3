namespace Holdfast.Analyses.Leaks;

/// <summary>A unit of the frontier with who holds it, as far as it is known before others at the same holder join it.</summary>
internal sealed record HeldUnit(
    GrowingUnit Unit, UnitContent Content, HeldPath Path, Recogniser Recogniser, IReadOnlyDictionary<string, string> Words, HolderName Holder, string Key);

/// <summary>Units of the frontier that one holder holds: one suspect.</summary>
internal sealed class SuspectGroup(List<HeldUnit> units)
{
    public IReadOnlyList<HeldUnit> Units => units;

    /// <summary>The unit that names the suspect: the one whose objects say most, then the one with most bytes.</summary>
    public HeldUnit Main { get; } = units.OrderByDescending(u => u.Content.Rank == NameRank.Class).ThenByDescending(u => u.Unit.Bytes.Sum()).ThenBy(u => u.Unit.Number).First();

    /// <summary>New shallow bytes at and below all units, by age.</summary>
    public long Bytes => units.Sum(u => u.Unit.Bytes.Sum());

    /// <summary>The units whose objects have the main unit's label: a list entered from both ends has two.</summary>
    public IReadOnlyCollection<GrowingUnit> SameAsMain() => [.. units.Where(u => u.Unit.Label == Main.Unit.Label).Select(u => u.Unit)];
}

namespace Holdfast.Commands;

/// <summary>The answer of <c>flame diff</c>. Weights of the first profile are brought to the second's scale.</summary>
/// <param name="Profiles">What was compared.</param>
/// <param name="Unit">What a weight is.</param>
/// <param name="NormalizedBy">duration, count or none.</param>
/// <param name="Scale">What weights of the first were multiplied by.</param>
/// <param name="Grew">Functions in both with more, with all they called, the largest change first.</param>
/// <param name="New">Functions only in the second.</param>
/// <param name="Gone">Functions only in the first.</param>
/// <param name="Shrank">Functions in both with less.</param>
public sealed record FlameDiffRecord(
    IReadOnlyList<FlameProfileRecord> Profiles, string Unit, string NormalizedBy, double Scale, IReadOnlyList<FlameChangeRecord> Grew,
    IReadOnlyList<FlameChangeRecord> New, IReadOnlyList<FlameChangeRecord> Gone, IReadOnlyList<FlameChangeRecord> Shrank);

/// <summary>A profile that was compared, in its own scale.</summary>
public sealed record FlameProfileRecord(string Path, long Total, long Samples, double? Seconds);

/// <summary>A function in both profiles, with all it called.</summary>
public sealed record FlameChangeRecord(string Name, string Kind, string? File, int? Line, long Before, long After, long Delta);

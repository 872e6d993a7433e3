using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>source</c>.</summary>
/// <param name="Input">The core.</param>
/// <param name="Source">The lines.</param>
public sealed record SourceRecord(string Input, SourceExcerpt Source);

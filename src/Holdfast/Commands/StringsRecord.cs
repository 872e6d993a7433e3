namespace Holdfast.Commands;

/// <summary>The answer of <c>strings</c>. Sizes are bytes.</summary>
/// <param name="Duplicates">Texts that several strings hold, or null where the largest were asked for.</param>
/// <param name="Largest">The largest strings, or null where duplicates were asked for.</param>
/// <param name="Count">Texts, or strings, in all.</param>
/// <param name="ShallowSize">Bytes of all of them.</param>
/// <param name="WastedSize">Bytes that would be freed if of each text only the largest string were kept; null with the largest.</param>
public sealed record StringsRecord(
    IReadOnlyList<DuplicateStringRecord>? Duplicates, IReadOnlyList<LargeStringRecord>? Largest, int Count, long ShallowSize, long? WastedSize);

/// <summary>A text that several strings hold.</summary>
/// <param name="Value">The text, cut unless all of it was asked for.</param>
/// <param name="Length">Its length in UTF-16 units, as far as the snapshot has it.</param>
/// <param name="Count">How many strings hold it.</param>
/// <param name="ShallowSize">Their bytes.</param>
/// <param name="RetainedSize">Their retained sizes added up.</param>
/// <param name="WastedSize">Bytes that would be freed if only the largest were kept.</param>
/// <param name="Incomplete">Whether V8 cut the text when it wrote the snapshot, so that the strings may differ further on.</param>
/// <param name="Id">The first one's object id.</param>
public sealed record DuplicateStringRecord(
    string Value, int Length, int Count, long ShallowSize, long RetainedSize, long WastedSize, bool Incomplete, ulong Id);

/// <summary>A string.</summary>
/// <param name="Id">Its object id.</param>
/// <param name="Type">Its node type.</param>
/// <param name="Value">Its text, cut unless all of it was asked for.</param>
/// <param name="Length">Its length in UTF-16 units, as far as the snapshot has it.</param>
/// <param name="ShallowSize">Its bytes.</param>
/// <param name="RetainedSize">Bytes freed with it.</param>
public sealed record LargeStringRecord(ulong Id, string Type, string Value, int Length, long ShallowSize, long RetainedSize);

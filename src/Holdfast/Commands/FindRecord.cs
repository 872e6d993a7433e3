namespace Holdfast.Commands;

/// <summary>The answer of <c>find</c>. Sizes are bytes.</summary>
/// <param name="Expression">What was asked for.</param>
/// <param name="Count">Objects found.</param>
/// <param name="ShallowSize">Their bytes.</param>
/// <param name="Objects">The first of them.</param>
public sealed record FindRecord(string Expression, int Count, long ShallowSize, IReadOnlyList<FoundNodeRecord> Objects);

/// <summary>An object that was found.</summary>
/// <param name="Id">Its object id.</param>
/// <param name="Class">Its class in the class table.</param>
/// <param name="Name">Its name; a string's text is cut.</param>
/// <param name="Type">Its node type.</param>
/// <param name="ShallowSize">Bytes of the object itself.</param>
/// <param name="RetainedSize">Bytes freed with it.</param>
/// <param name="Distance">Steps from the program's roots; 100,000,000 and more from V8's own; -5 where no path leads to it.</param>
public sealed record FoundNodeRecord(ulong Id, string Class, string Name, string Type, long ShallowSize, long RetainedSize, int Distance);

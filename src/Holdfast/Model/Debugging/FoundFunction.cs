namespace Holdfast.Model.Debugging;

/// <summary>A function of the program's source, with how many closures of it there are.</summary>
/// <param name="Name">Its name, or the one V8 made up; empty where there is neither.</param>
/// <param name="Location">Where it stands: <c>script:line:column</c>; empty where that is not known.</param>
/// <param name="Closures">Function objects.</param>
/// <param name="ShallowSize">Bytes of these.</param>
/// <param name="Example">Address of one.</param>
public sealed record FoundFunction(string Name, string Location, int Closures, long ShallowSize, ulong Example);

/// <summary>A function that objects were made with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Location">Where it stands: <c>script:line:column</c>; empty for V8's own.</param>
/// <param name="Id">Address of the function.</param>
/// <param name="Prototype">Address of its <c>prototype</c>; null where it has none.</param>
/// <param name="Instances">Objects.</param>
/// <param name="ShallowSize">Bytes of these.</param>
public sealed record FoundConstructor(string Name, string Location, ulong Id, ulong? Prototype, long Instances, long ShallowSize);

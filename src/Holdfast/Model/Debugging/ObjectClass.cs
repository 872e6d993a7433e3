namespace Holdfast.Model.Debugging;

/// <summary>Objects of one constructor.</summary>
/// <param name="Name">The constructor.</param>
/// <param name="Count">How many there are.</param>
/// <param name="ShallowSize">Bytes of the objects themselves.</param>
/// <param name="Example">The address of one.</param>
public sealed record ObjectClass(string Name, long Count, long ShallowSize, ulong Example);

/// <summary>Objects of one constructor with the same properties.</summary>
/// <param name="Constructor">The constructor.</param>
/// <param name="Count">How many there are.</param>
/// <param name="ShallowSize">Bytes of the objects themselves.</param>
/// <param name="Properties">Names of their properties, in order.</param>
/// <param name="Example">The address of one.</param>
public sealed record ObjectShape(string Constructor, long Count, long ShallowSize, IReadOnlyList<string> Properties, ulong Example)
{
    /// <summary>Of arrays, collections and buffers: the shortest; else null.</summary>
    public long? LeastLength { get; init; }

    /// <summary>Of arrays, collections and buffers: the longest; else null.</summary>
    public long? MostLength { get; init; }
}

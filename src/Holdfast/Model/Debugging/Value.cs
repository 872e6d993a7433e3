namespace Holdfast.Model.Debugging;

/// <summary>A value of a process, as a developer knows it.</summary>
/// <param name="Type">
/// What it is: <c>number</c>, <c>string</c>, <c>boolean</c>, <c>null</c>, <c>undefined</c>, <c>symbol</c>, <c>bigint</c>, <c>function</c>,
/// <c>object</c> or a kind of object (<c>array</c>, <c>map</c>, <c>promise</c>, …), <c>accessor</c>, <c>hole</c> (nothing there),
/// <c>internal</c> (V8's own), <c>unreadable</c>.
/// </param>
/// <param name="Text">It on one line, as a console would show it: a string in quotes, cut; an object by its class.</param>
public sealed record Value(string Type, string Text)
{
    /// <summary>Its address with V8's tag; null for small integers and what is not there.</summary>
    public ulong? Id { get; init; }

    /// <summary>Of objects: the constructor's name.</summary>
    public string? Class { get; init; }

    /// <summary>Bytes of the object itself.</summary>
    public long? Size { get; init; }

    /// <summary>Of a string its characters, of an array its length, of a collection its entries.</summary>
    public long? Length { get; init; }

    /// <summary>Of a primitive value: exactly it, of a string as many characters as were asked for.</summary>
    public string? Content { get; init; }

    /// <summary>What it consists of; null where that was not asked for, or there is nothing.</summary>
    public IReadOnlyList<ValueGroup>? Groups { get; init; }
}

/// <summary>Parts of a value that belong together.</summary>
/// <param name="Name"><c>internal</c>, <c>properties</c>, <c>elements</c>, <c>entries</c>, <c>variables</c>, …</param>
/// <param name="Count">How many there are.</param>
/// <param name="Items">The first of them.</param>
public sealed record ValueGroup(string Name, long Count, IReadOnlyList<ValueItem> Items);

/// <summary>A part of a value.</summary>
/// <param name="Name">A property's name, an index, a variable's name; of a symbol <c>[Symbol(x)]</c>, of V8's own parts <c>[[Name]]</c>.</param>
/// <param name="Value">What is there.</param>
public sealed record ValueItem(string Name, Value Value)
{
    /// <summary>Of an entry of a Map: the key.</summary>
    public Value? Key { get; init; }
}

namespace Holdfast.Model;

/// <summary>
/// V8's edge types, by V8's names (<see cref="TypeNames.Edges"/>). Types a producer adds come after the last one here.
/// An edge of type <see cref="Element"/> or <see cref="Hidden"/> is numbered; every other one has a name.
/// </summary>
public enum EdgeType : byte
{
    Context,
    Element,
    Property,
    Internal,
    Hidden,
    Shortcut,
    Weak,
    Invisible,
}

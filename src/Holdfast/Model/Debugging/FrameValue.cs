namespace Holdfast.Model.Debugging;

/// <summary>A value as a debugger shows it in one line.</summary>
/// <param name="Text">What it is: a number, a quoted string, a class and an address.</param>
/// <param name="Id">Its address with V8's tag; null where it is no object of the heap.</param>
public sealed record FrameValue(string Text, ulong? Id);

namespace Holdfast.Model;

/// <summary>A function as it stands in stacks.</summary>
/// <param name="Name">Its name, in <see cref="StackProfile.Names"/>.</param>
/// <param name="File">Its script or source, in <see cref="StackProfile.Names"/>, or -1.</param>
/// <param name="Module">The file its code is from, in <see cref="StackProfile.Names"/>, or -1.</param>
/// <param name="Line">From 1, or 0 where that is not known.</param>
/// <param name="Column">From 1, or 0 where that is not known.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Tier">How V8 ran it.</param>
public readonly record struct StackFrame(int Name, int File, int Module, int Line, int Column, FrameKind Kind, CodeTier Tier);

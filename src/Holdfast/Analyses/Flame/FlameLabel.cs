using Holdfast.Model;

namespace Holdfast.Analyses.Flame;

/// <summary>What is known of a label of a tree, beside its text.</summary>
/// <param name="Kind">What frames with it are; of several kinds, the first that came.</param>
/// <param name="File">A script or source, or null.</param>
/// <param name="Line">From 1, or 0.</param>
/// <param name="Column">From 1, or 0.</param>
/// <param name="IsOwn">Whether it is code of the program: JavaScript that is neither Node's nor unnamed.</param>
public readonly record struct FlameLabel(FrameKind Kind, string? File, int Line, int Column, bool IsOwn);

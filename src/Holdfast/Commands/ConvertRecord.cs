namespace Holdfast.Commands;

/// <summary>The answer of <c>convert</c>.</summary>
/// <param name="Input">What was read.</param>
/// <param name="Path">The file that was written.</param>
/// <param name="Format">What it is: <c>heapsnapshot</c>.</param>
/// <param name="NodeCount">Nodes in it.</param>
/// <param name="EdgeCount">Edges in it.</param>
/// <param name="Bytes">Its size.</param>
public sealed record ConvertRecord(string Input, string Path, string Format, int NodeCount, int EdgeCount, long Bytes);

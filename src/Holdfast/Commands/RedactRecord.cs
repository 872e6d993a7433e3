namespace Holdfast.Commands;

/// <summary>The answer of <c>redact</c>.</summary>
/// <param name="Input">What was read.</param>
/// <param name="Path">The file that was written.</param>
/// <param name="NodeCount">Nodes in it.</param>
/// <param name="EdgeCount">Edges in it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="BlankedStrings">Strings, numbers and regular expressions whose contents were replaced.</param>
/// <param name="BlankedTexts">Different contents among them.</param>
/// <param name="ReplacedNames">Different property names that were replaced; null where they were to stay.</param>
/// <param name="ReplacedIndexes">Elements that were given another index; null where they were to keep theirs.</param>
public sealed record RedactRecord(
    string Input, string Path, int NodeCount, int EdgeCount, long Bytes, int BlankedStrings, int BlankedTexts, int? ReplacedNames, int? ReplacedIndexes);

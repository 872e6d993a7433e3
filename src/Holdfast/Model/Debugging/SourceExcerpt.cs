namespace Holdfast.Model.Debugging;

/// <summary>Lines of a script around a place.</summary>
/// <param name="Script">The script's name.</param>
/// <param name="ScriptAddress">Its address.</param>
/// <param name="What">Whose place it is: a function's name.</param>
/// <param name="Line">The line of the place, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
/// <param name="FirstLine">The number of the first of the lines, from 1.</param>
/// <param name="Lines">The lines.</param>
/// <param name="LineCount">Lines of the whole script.</param>
public sealed record SourceExcerpt(
    string Script, ulong ScriptAddress, string What, int Line, int Column, int FirstLine, IReadOnlyList<string> Lines, int LineCount);

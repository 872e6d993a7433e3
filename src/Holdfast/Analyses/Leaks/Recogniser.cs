using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// A way of holding objects, or a kind of object, that has its own words. It is told by the text of a path
/// (<see cref="HeldPath.Text"/>). Adding one is one file in <c>Recognisers</c> and one line in <see cref="RecogniserList"/>.
/// </summary>
/// <param name="Kind">What the kind is called in JSON.</param>
/// <param name="Pattern">
/// What the path looks like. The group <c>holder</c> begins at the line of the object that holds (without it the nearest
/// variable or property counts); other groups are words for the templates.
/// </param>
/// <param name="Held">How the objects are held, after "…, held": <c>as listeners of '{event}' on {owner}</c>.</param>
/// <param name="Advice">A sentence: what to look for in the code.</param>
internal sealed record Recogniser(string Kind, Regex Pattern, string Held, string Advice)
{
    /// <summary>What the holder is called, or null for its own name.</summary>
    public string? Name { get; init; }

    /// <summary>Whether what is held so cannot become more for ever, and is no suspect.</summary>
    public bool IsBounded { get; init; }
}

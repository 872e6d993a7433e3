namespace Holdfast.Model;

/// <summary>How V8 runs a function, by the mark in its name. Source: V8, CodeKindToMarker.</summary>
public enum CodeTier : byte
{
    Unknown,

    /// <summary><c>~</c></summary>
    Interpreted,

    /// <summary><c>^</c>: Sparkplug.</summary>
    Baseline,

    /// <summary><c>+</c></summary>
    Maglev,

    /// <summary><c>*</c></summary>
    TurboFan,
}

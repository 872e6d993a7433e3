namespace Holdfast.Analyses.Growth;

/// <summary>How a figure moves.</summary>
public enum GrowthVerdict
{
    /// <summary>Too little was seen to say.</summary>
    Inconclusive,

    /// <summary>It does not grow, or by less than matters.</summary>
    Flat,

    /// <summary>It grew and does so less and less.</summary>
    WarmingUp,

    /// <summary>It grows.</summary>
    Growing,
}

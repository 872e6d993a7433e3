namespace Holdfast.Analyses.Leaks;

/// <summary>A container with its sizes in every snapshot.</summary>
internal sealed record Measured(Container Container, ulong Id, int[] Sizes, long[] Bytes)
{
    public int Growth => Sizes[^1] - Sizes[0];

    /// <summary>Whether it has more entries in each snapshot than in the one before; false for one snapshot.</summary>
    public bool IsRising()
    {
        for (int i = 1; i < Sizes.Length; i++)
        {
            if (Sizes[i] <= Sizes[i - 1]) return false;
        }

        return Sizes.Length > 1;
    }
}

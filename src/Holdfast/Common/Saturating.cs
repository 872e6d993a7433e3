namespace Holdfast.Common;

/// <summary>Sums that stop at the largest number instead of turning negative.</summary>
public static class Saturating
{
    /// <summary>The sum of two numbers from 0.</summary>
    public static long Add(long a, long b)
    {
        long sum = unchecked(a + b);
        return sum < 0 ? long.MaxValue : sum;
    }
}

using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>What to say of rows that a limit left out.</summary>
internal static class Leftovers
{
    /// <returns>Null where nothing was left out.</returns>
    public static LeftOut? Of(long count, string what, long? bytes = null, string howToSee = "--limit 0") =>
        count > 0 ? new LeftOut(count, what, bytes, howToSee) : null;
}

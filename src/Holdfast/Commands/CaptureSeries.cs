using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>Takes one capture or several, in time or as the process grows, and keeps the folder's list true after each.</summary>
/// <param name="method">How.</param>
/// <param name="folder">Where to.</param>
/// <param name="count">How many.</param>
/// <param name="every">The time between two; none where growth decides.</param>
/// <param name="growth">The share of its resident memory by which the process must have grown since the last; none where time decides.</param>
internal sealed class CaptureSeries(CaptureMethod method, string folder, int count, TimeSpan? every, double? growth)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <exception cref="InputException">Something cannot be taken or written. What was taken before is there and in the list.</exception>
    public List<CapturedFileRecord> Run(CommandContext context)
    {
        var taken = new List<CapturedFileRecord>();
        for (int i = 0; i < count; i++)
        {
            long? before = method.Resident();
            DateTimeOffset begun = DateTimeOffset.UtcNow;
            foreach (CapturedFileRecord file in method.Take(folder, context))
            {
                taken.Add(file);
                CaptureManifest.Add(folder, file);
            }

            if (i + 1 < count) Wait(context.Work, begun, before, $"{i + 1} of {count} taken");
        }

        return taken;
    }

    private void Wait(Work work, DateTimeOffset begun, long? before, string sofar)
    {
        while (true)
        {
            work.ThrowIfCancelled();
            TimeSpan left = every is { } time ? begun + time - DateTimeOffset.UtcNow : BetweenLooks;
            if (left <= TimeSpan.Zero) return;
            if (growth is { } share && before is { } was)
            {
                if (method.Resident() is not (> 0 and var now)) throw new InputException($"the process has ended; {sofar}, and these are in {folder}.");
                if (now >= was * (1 + share)) return;
                work.Report($"{sofar}, waiting: resident memory {(100.0 * (now - was) / was):F1} % of the {share:P0} that it is to grow by");
            }
            else
            {
                work.Report($"{sofar}, the next in {left.TotalSeconds:F0} s");
            }

            work.Wait(left < BetweenLooks ? left : BetweenLooks);
        }
    }
}

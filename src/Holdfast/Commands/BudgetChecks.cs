using Holdfast.Analyses;
using Holdfast.Analyses.Leaks;
using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>One budget and what there was.</summary>
/// <param name="Name">What was checked: <c>suspects</c>, <c>total_growth</c>, <c>Session.count_growth</c>.</param>
/// <param name="Limit">The most that is allowed.</param>
/// <param name="Actual">What was found.</param>
public sealed record BudgetCheck(string Name, long Limit, long Actual)
{
    public bool Passed => Actual <= Limit;
}

/// <summary>Holds a report against a budget.</summary>
internal static class BudgetChecks
{
    /// <exception cref="InputException">Growth is limited, and there is one snapshot only.</exception>
    public static IReadOnlyList<BudgetCheck> Run(Budget budget, LeakReport report, Work work)
    {
        if (report.Points.Count < 2 && (budget.TotalGrowth is not null || budget.Constructors.Values.Any(c => c.CountGrowth is not null || c.SizeGrowth is not null)))
            throw new InputException("the budget limits growth, and one snapshot has none: give two or more snapshots.");
        foreach (string name in budget.Constructors.Keys.Where(n => !Glob.IsGlob(n) && report.Points.All(p => !p.Labels.ContainsKey(n)))) WarnOfUnknown(name, report, work);
        LeakPoint first = report.Points[0], last = report.Points[^1];
        var checks = new List<BudgetCheck> { new("suspects", budget.Suspects, report.Verdict == Verdict.Leak ? report.Suspects.Count : 0) };
        if (!report.FitTogether) checks.Add(new BudgetCheck("unusable_snapshots", 0, 1));
        Add("total_size", budget.TotalSize, last.TotalSize);
        Add("total_growth", budget.TotalGrowth, last.TotalSize - first.TotalSize);
        foreach ((string name, ConstructorBudget limits) in budget.Constructors)
        {
            (LabelCount before, LabelCount after) = (Sum(first, name), Sum(last, name));
            Add($"{name}.count", limits.Count, after.Count);
            Add($"{name}.count_growth", limits.CountGrowth, after.Count - (long)before.Count);
            Add($"{name}.size", limits.Size, after.ShallowSize);
            Add($"{name}.size_growth", limits.SizeGrowth, after.ShallowSize - before.ShallowSize);
        }

        return checks;

        void Add(string name, long? limit, long actual)
        {
            if (limit is { } most) checks.Add(new BudgetCheck(name, most, actual));
        }
    }

    private static void WarnOfUnknown(string name, LeakReport report, Work work)
    {
        IReadOnlyList<string> nearest = NearestNames.Find(name, report.Points[^1].Labels.Keys);
        work.Warn($"the budget's constructor '{name}' is in none of the snapshots."
            + (nearest.Count == 0 ? "" : $" Did you mean {string.Join(" or ", nearest.Select(n => $"'{n}'"))}?"));
    }

    /// <summary>Objects of a constructor, or of all that a glob matches.</summary>
    private static LabelCount Sum(LeakPoint point, string name)
    {
        if (!Glob.IsGlob(name)) return point.Labels.GetValueOrDefault(name);
        var glob = new Glob(name);
        int count = 0;
        long size = 0;
        foreach ((string label, LabelCount here) in point.Labels)
        {
            if (!glob.Matches(label)) continue;
            count += here.Count;
            size += here.ShallowSize;
        }

        return new LabelCount(count, size);
    }
}

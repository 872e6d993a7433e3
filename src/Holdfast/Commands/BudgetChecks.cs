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
    public static IReadOnlyList<BudgetCheck> Run(Budget budget, LeakReport report)
    {
        LeakPoint first = report.Points[0], last = report.Points[^1];
        var checks = new List<BudgetCheck> { new("suspects", budget.Suspects, report.Verdict == Verdict.Leak ? report.Suspects.Count : 0) };
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

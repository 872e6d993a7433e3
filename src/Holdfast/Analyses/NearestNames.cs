namespace Holdfast.Analyses;

/// <summary>Which known names come closest to one that is not known, for an error message.</summary>
public static class NearestNames
{
    private const int MaxNameLength = 100;

    /// <returns>At most <paramref name="limit"/> names, the closest first.</returns>
    public static IReadOnlyList<string> Find(string wanted, IEnumerable<string> known, int limit = 5)
    {
        string core = wanted.Replace("*", "", StringComparison.Ordinal).Replace("?", "", StringComparison.Ordinal);
        return
        [
            .. known.Distinct()
                .Select(name => (Name: name, Rank: Rank(core, name)))
                .Where(c => c.Rank < int.MaxValue)
                .OrderBy(c => c.Rank).ThenBy(c => c.Name.Length).ThenBy(c => c.Name, StringComparer.Ordinal)
                .Take(limit).Select(c => c.Name),
        ];
    }

    /// <summary>0 where only upper and lower case differ, then by letters to change, then where one holds the other.</summary>
    private static int Rank(string wanted, string name)
    {
        if (wanted.Length == 0 || name.Length == 0) return int.MaxValue;
        if (string.Equals(wanted, name, StringComparison.OrdinalIgnoreCase)) return 0;
        int most = Math.Min(3, Math.Max(1, wanted.Length / 3));
        int changes = Math.Abs(wanted.Length - name.Length) <= most && name.Length <= MaxNameLength ? Changes(wanted, name) : int.MaxValue;
        if (changes <= most) return changes;
        bool holds = (wanted.Length >= 3 && name.Contains(wanted, StringComparison.OrdinalIgnoreCase))
            || (name.Length >= 4 && wanted.Contains(name, StringComparison.OrdinalIgnoreCase));
        return holds ? 10 + Math.Abs(wanted.Length - name.Length) : int.MaxValue;
    }

    /// <summary>Letters to add, take away or replace (Levenshtein), whatever their case.</summary>
    private static int Changes(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}

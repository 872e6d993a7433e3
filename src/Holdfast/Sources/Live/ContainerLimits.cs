using System.Globalization;

namespace Holdfast.Sources.Live;

/// <summary>What the control groups a process is in allow it, version 1 or 2; sizes in bytes.</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Path">The group with the tightest limit, as a folder.</param>
/// <param name="Limit">Above this the kernel ends a process of the group.</param>
/// <param name="Usage">What the group uses now, with files it read; null where that is not said.</param>
/// <param name="Reclaimable">What of that are files the kernel can let go.</param>
/// <param name="High">Above this (version 2) the kernel slows the group down; null where there is none.</param>
public sealed record ContainerLimits(int Version, string Path, long Limit, long? Usage, long? Reclaimable, long? High)
{
    /// <summary>What says that there is no limit in version 1 is a number near the largest.</summary>
    private const long NoLimit = 1L << 60;

    private const int MostLevels = 64;

    /// <summary>What the limit is about: used memory that the kernel cannot let go.</summary>
    public long? Unreclaimable => Usage - (Reclaimable ?? 0);

    /// <summary>The tightest limit of the groups a process is in; null where none has one, or this cannot be seen.</summary>
    public static ContainerLimits? Read(ProcFolder proc, int pid, string groups = "/sys/fs/cgroup") =>
        proc.Text(pid, "cgroup") is { } text ? Read(text, groups) : null;

    /// <param name="membership">The text of <c>/proc/N/cgroup</c>.</param>
    /// <param name="groups">Where control groups are mounted.</param>
    public static ContainerLimits? Read(string membership, string groups)
    {
        ContainerLimits? tightest = null;
        foreach (string line in membership.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3) continue;
            bool isUnified = parts[0] == "0" && parts[1].Length == 0;
            if (!isUnified && !parts[1].Split(',').Contains("memory")) continue;
            string[] mounts = isUnified ? [groups, System.IO.Path.Combine(groups, "unified")] : [System.IO.Path.Combine(groups, "memory")];
            foreach (string mount in mounts)
            {
                if (Tightest(mount, parts[2], isUnified) is { } found && (tightest is null || found.Limit < tightest.Limit)) tightest = found;
            }
        }

        return tightest;
    }

    /// <summary>From the group up: each of those above limits it, too. In a container its own group is what is mounted.</summary>
    private static ContainerLimits? Tightest(string mount, string group, bool isUnified)
    {
        ContainerLimits? tightest = null;
        string path = group.TrimEnd('/');
        for (int level = 0; level < MostLevels; level++)
        {
            string folder = mount + path;
            if (!path.Contains("/..", StringComparison.Ordinal) && (isUnified ? ReadUnified(folder) : ReadLegacy(folder)) is { } found && (tightest is null || found.Limit < tightest.Limit))
                tightest = found;
            if (path.Length == 0) break;
            path = path[..Math.Max(0, path.LastIndexOf('/'))];
        }

        return tightest;
    }

    private static ContainerLimits? ReadUnified(string folder) => Number(folder, "memory.max") is { } limit
        ? new ContainerLimits(2, folder, limit, Number(folder, "memory.current"), Statistic(folder, "inactive_file"), Number(folder, "memory.high"))
        : null;

    private static ContainerLimits? ReadLegacy(string folder) => Number(folder, "memory.limit_in_bytes") is { } limit and < NoLimit
        ? new ContainerLimits(1, folder, limit, Number(folder, "memory.usage_in_bytes"), Statistic(folder, "total_inactive_file"), null)
        : null;

    /// <summary>The number in a file; null where it says <c>max</c> or is not there.</summary>
    private static long? Number(string folder, string file) =>
        long.TryParse(ProcFolder.TextOf(System.IO.Path.Combine(folder, file))?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static long? Statistic(string folder, string name)
    {
        foreach (string line in (ProcFolder.TextOf(System.IO.Path.Combine(folder, "memory.stat")) ?? "").Split('\n'))
        {
            if (line.StartsWith(name + " ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return number;
        }

        return null;
    }
}

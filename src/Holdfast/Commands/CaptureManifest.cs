using System.Text.Json;
using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>The list of what was captured into a folder, which <c>leaks DIR</c> and <c>diff DIR</c> read.</summary>
internal static class CaptureManifest
{
    /// <summary>Its name in the folder.</summary>
    public const string FileName = "holdfast-captures.json";

    /// <summary>Whether an input is a folder, which only this makes one.</summary>
    public static bool IsFolder(string input) => input != "-" && Directory.Exists(input);

    /// <summary>Adds to the list; it is whole at every moment.</summary>
    public static void Add(string folder, CapturedFileRecord capture)
    {
        CaptureManifestRecord manifest = new([.. Read(folder)?.Captures ?? [], capture]);
        AtomicFile.Write(PathIn(folder), file => JsonSerializer.Serialize(file, manifest, CommandJson.Default.CaptureManifestRecord), ownerOnly: true);
    }

    /// <summary>The files of one thread of one process, oldest first.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="thread">The thread, where there are files of several.</param>
    /// <exception cref="InputException">There is no list, or more than one series in it.</exception>
    public static IReadOnlyList<string> Series(string folder, string? thread)
    {
        CaptureManifestRecord manifest = Read(folder)
            ?? throw new InputException($"{folder}: is a folder without {FileName}, which `holdfast capture TARGET {folder}` writes. Name the snapshots one by one, oldest first.");
        List<CapturedFileRecord> heaps = [.. manifest.Captures.Where(c => c.Kind is "core" or "heapsnapshot")];
        var series = heaps.GroupBy(c => (c.Host, c.Target, c.Process, c.Thread)).ToList();

        // Cores have all threads: which one is meant is said when they are read.
        if (thread is not null && series.Any(s => s.Key.Thread != "all")) series = [.. series.Where(s => s.Key.Thread == thread)];
        else if (series.Count > 1 && series.Count(s => s.Key.Thread is "main" or "all") == 1) series = [.. series.Where(s => s.Key.Thread is "main" or "all")];
        if (series.Count != 1)
        {
            string found = string.Join("; ", heaps.GroupBy(c => (c.Target, c.Process, c.Thread)).Select(g => $"{g.Key.Target} {g.Key.Process ?? ""} thread {g.Key.Thread}: {g.Count()} files"));
            throw new InputException($"{folder}: found captures of {(heaps.Count == 0 ? "nothing" : found)}; expected those of one thread of one process. {(heaps.Count == 0 ? "" : "Choose with --thread, or name the files.")}".TrimEnd());
        }

        return [.. series[0].OrderBy(c => c.Time).Select(c => Path.Combine(folder, c.File))];
    }

    private static string PathIn(string folder) => Path.Combine(folder, FileName);

    private static CaptureManifestRecord? Read(string folder)
    {
        string path = PathIn(folder);
        if (!File.Exists(path)) return null;
        try
        {
            using FileStream file = File.OpenRead(path);
            CaptureManifestRecord? read = JsonSerializer.Deserialize(file, CommandJson.Default.CaptureManifestRecord);

            // Names only: a list from elsewhere may not lead out of its folder.
            return read?.Captures is { } captures && captures.All(c => c?.File is { Length: > 0 } name && Path.GetFileName(name) == name) ? read
                : throw new InputException($"{path}: found no list of captures whose files are in its folder, expected what `holdfast capture` writes. Name the snapshots one by one.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: is not a list of captures: {e.Message} Name the snapshots one by one.", e);
        }
    }
}

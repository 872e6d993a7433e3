using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Holdfast.Common;

namespace Holdfast.Sources.Live.Capture;

/// <summary>An application's own way to write a snapshot: a page that is asked for it, and says where the file is.</summary>
/// <param name="Method">GET, POST, PUT.</param>
/// <param name="Path">Path and query; <c>{thread}</c> and <c>{dir}</c> are replaced.</param>
/// <param name="FilePath">Where in the JSON answer the file's path is: <c>data.filepath</c>.</param>
internal sealed record RestSnapshot(string Method, string Path, string FilePath)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);
    private const int MostBytes = 1 << 20;

    /// <summary>Lodestar's: one snapshot at a time, others are refused until it is written.</summary>
    public static RestSnapshot Lodestar { get; } = new("POST", "/eth/v1/lodestar/write_heapdump?thread={thread}&dirpath={dir}", "data.filepath");

    /// <summary>Asks for a snapshot, and waits for the answer; gives the path that it says.</summary>
    /// <exception cref="InputException">It is refused, leads elsewhere, or says no path.</exception>
    public string Take(Uri server, string thread, string folder, Work work)
    {
        var address = new Uri(server, Path.Replace("{thread}", Uri.EscapeDataString(thread), StringComparison.Ordinal).Replace("{dir}", Uri.EscapeDataString(folder), StringComparison.Ordinal));
        if (address.Host != server.Host || address.Port != server.Port) throw new InputException($"{Path}: leads away from {server}. Give a path of that server.");
        using var pages = new HttpPages(MostBytes, Patience);
        for (var waited = Stopwatch.StartNew(); ;)
        {
            work.ThrowIfCancelled();
            work.Report($"asking {server.Authority} for a snapshot of thread {thread}");
            (HttpStatusCode answer, string text) = pages.Ask(new HttpMethod(Method), address, work.Cancellation);
            int status = (int)answer;
            if (status is >= 200 and < 300) return PathIn(text, address);
            bool isBusy = status is 500 or 503 && text.Contains("already writing", StringComparison.OrdinalIgnoreCase);
            if (!isBusy || waited.Elapsed > Patience)
                throw new InputException($"{address}: answered {status}: {(text.Length > 300 ? text[..300] + "…" : text)}");
            work.Report("another snapshot is being written; waiting for its end");
            work.Wait(BetweenTries);
        }
    }

    private string PathIn(string text, Uri address)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(text);
            JsonElement at = answer.RootElement;
            foreach (string name in FilePath.Split('.')) at = at.GetProperty(name);
            if (at.ValueKind == JsonValueKind.String && at.GetString() is { Length: > 0 } path) return path;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // The message below says all of it.
        }

        throw new InputException($"{address}: answered {(text.Length > 200 ? text[..200] + "…" : text)}; expected JSON with the file's path at {FilePath}. Say where it is with --json-path.");
    }
}

using System.Globalization;
using Holdfast.Common;

namespace Holdfast.Sources.Live;

/// <summary>What a target is.</summary>
public enum LiveTargetKind
{
    /// <summary>A process of this machine: <c>pid:N</c>.</summary>
    Process,

    /// <summary>An inspector: <c>ws://host:port/id</c>.</summary>
    WebSocket,

    /// <summary>A page: an inspector's list of targets, or metrics.</summary>
    Http,
}

/// <summary>A running process, as it is named on the command line.</summary>
/// <param name="Text">As it was typed.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Pid">A process's id, else 0.</param>
/// <param name="Address">Of a page or an inspector, else null.</param>
public sealed record LiveTarget(string Text, LiveTargetKind Kind, int Pid, Uri? Address)
{
    private const string ProcessMark = "pid:";

    /// <summary>Whether a text is meant as one: a file's path is not.</summary>
    public static bool IsOne(string text) =>
        text.StartsWith(ProcessMark, StringComparison.Ordinal) || text.StartsWith("ws://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("wss://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="InputException">It is none of the forms.</exception>
    public static LiveTarget Parse(string text)
    {
        if (text.StartsWith(ProcessMark, StringComparison.Ordinal))
        {
            return int.TryParse(text.AsSpan(ProcessMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0
                ? new LiveTarget(text, LiveTargetKind.Process, pid, null)
                : throw new InputException($"{text}: expected the id of a process after pid:, as in pid:4242. `holdfast ps` lists those of Node.js.");
        }

        if (IsOne(text) && Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Host.Length > 0)
            return new LiveTarget(text, address.Scheme is "ws" or "wss" ? LiveTargetKind.WebSocket : LiveTargetKind.Http, 0, address);
        throw new InputException($"{text}: is no target. Expected pid:N, ws://host:port/id of an inspector, or http://host:port.");
    }
}

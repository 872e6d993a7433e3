using System.Globalization;
using System.Net;

namespace Holdfast.Sources.Live;

/// <summary>The TCP ports a process waits for connections on.</summary>
internal static class ListeningSockets
{
    /// <summary>The state of a socket that waits. Source: Linux, include/net/tcp_states.h.</summary>
    private const string Listening = "0A";

    /// <summary>By address and port; none where this user may not see the process's files.</summary>
    public static IReadOnlyList<IPEndPoint> Of(ProcFolder proc, int pid)
    {
        HashSet<string> own = [.. (proc.OpenFiles(pid) ?? []).Where(f => f.StartsWith("socket:[", StringComparison.Ordinal)).Select(f => f[8..^1])];
        if (own.Count == 0) return [];
        return [.. Parse(proc.Text(pid, "net/tcp") ?? "", own), .. Parse(proc.Text(pid, "net/tcp6") ?? "", own)];
    }

    /// <summary>Reads the text of <c>net/tcp</c> or <c>net/tcp6</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sockets">Inodes of the sockets that are wanted.</param>
    public static IEnumerable<IPEndPoint> Parse(string text, IReadOnlySet<string> sockets)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 9 && words[3] == Listening && sockets.Contains(words[9]) && Address(words[1]) is { } address) yield return address;
        }
    }

    /// <summary><c>0100007F:2402</c>: words of an address in the machine's order, and a port.</summary>
    private static IPEndPoint? Address(string text)
    {
        int colon = text.IndexOf(':');
        if (colon is not (8 or 32) || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int port) || port > 65535) return null;
        var bytes = new byte[colon / 2];
        for (int word = 0; word < bytes.Length / 4; word++)
        {
            if (!uint.TryParse(text.AsSpan(word * 8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint value)) return null;
            BitConverter.TryWriteBytes(bytes.AsSpan(word * 4), value);
        }

        return new IPEndPoint(new IPAddress(bytes), port);
    }
}

using System.Globalization;
using System.Net;

namespace Holdfast.Sources.Live;

/// <summary>What a Node.js process was told when it began, by its command line and NODE_OPTIONS.</summary>
/// <param name="Script">The script, as typed; <c>-e</c> or <c>-p</c> where the code itself was given; null for the console, or where the command line is not known.</param>
/// <param name="InspectorPort">Where the inspector is or would be opened.</param>
/// <param name="MaxOldSpace">The limit of the old generation in bytes; null where none was set.</param>
/// <param name="SnapshotSignal">The signal upon which it writes a heap snapshot; null where there is none.</param>
/// <param name="IgnoresUserSignal1">Whether SIGUSR1 was told not to open the inspector.</param>
public sealed record NodeArguments(string? Script, int InspectorPort, long? MaxOldSpace, string? SnapshotSignal, bool IgnoresUserSignal1)
{
    /// <summary>The host it is or would be opened on; null where Node's own choice stands, loopback.</summary>
    public string? InspectorHost { get; init; }

    /// <summary>Whether no other machine can reach the inspector.</summary>
    public bool IsInspectorPrivate => InspectorHost is null or "localhost" || (IPAddress.TryParse(InspectorHost.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    public const int UsualInspectorPort = 9229;

    /// <summary>Options whose value is the next word where it is not set on with <c>=</c>. Source: Node, src/node_options.cc.</summary>
    private static readonly HashSet<string> WithValue =
    [
        "-r", "--require", "--import", "-C", "--conditions", "--loader", "--experimental-loader", "--env-file", "--env-file-if-exists", "--input-type", "--title", "--icu-data-dir",
        "--openssl-config", "--diagnostic-dir", "--redirect-warnings", "--stack-trace-limit", "--inspect-port", "--debug-port", "--heapsnapshot-signal", "--heapsnapshot-near-heap-limit",
        "--experimental-default-type", "--unhandled-rejections", "--dns-result-order", "--trace-event-categories", "--watch-path", "--max-http-header-size",
    ];

    private static readonly HashSet<string> Code = ["-e", "--eval", "-p", "--print", "-pe"];

    /// <param name="words">The command line, the program first.</param>
    /// <param name="environment">Variables as <c>NAME=value</c>; none where they may not be seen.</param>
    public static NodeArguments Parse(IReadOnlyList<string> words, IReadOnlyList<string> environment)
    {
        var found = new NodeArguments(null, UsualInspectorPort, null, null, false);
        string options = environment.FirstOrDefault(v => v.StartsWith("NODE_OPTIONS=", StringComparison.Ordinal)) ?? "";
        if (options.Length > 0)
            found = found.ReadAll(["", .. options["NODE_OPTIONS=".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)]) with { Script = null };
        return found.ReadAll(words);
    }

    private NodeArguments ReadAll(IReadOnlyList<string> words)
    {
        NodeArguments found = this;
        for (int i = 1; i < words.Count; i++)
        {
            string word = words[i];
            if (Code.Contains(word)) return found with { Script = word };
            if (word == "--") return found with { Script = i + 1 < words.Count ? words[i + 1] : null };
            if (!word.StartsWith('-') || word == "-") return found with { Script = word };
            int equals = word.IndexOf('=');
            string name = (equals < 0 ? word : word[..equals]).Replace('_', '-');
            string? value = equals >= 0 ? word[(equals + 1)..] : null;
            if (value is null && WithValue.Contains(name) && i + 1 < words.Count) value = words[++i];
            found = found.With(name, value);
        }

        return found;
    }

    private NodeArguments With(string name, string? value) => name switch
    {
        "--inspect" or "--inspect-brk" or "--inspect-wait" or "--inspect-port" or "--debug-port" => this with { InspectorPort = Port(value) ?? InspectorPort, InspectorHost = Host(value) ?? InspectorHost },
        "--max-old-space-size" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long megabytes) && megabytes is > 0 and < 1L << 40 => this with { MaxOldSpace = megabytes << 20 },
        "--heapsnapshot-signal" => this with { SnapshotSignal = value },
        "--disable-sigusr1" => this with { IgnoresUserSignal1 = true },
        _ => this,
    };

    /// <summary>The host of <c>0.0.0.0:9230</c>, <c>[::1]:9230</c>, <c>host</c>; null of <c>9230</c>.</summary>
    private static string? Host(string? value)
    {
        int colon = value?.LastIndexOf(':') ?? -1;
        return colon > 0 ? value![..colon] : value is null or "" || Port(value) is not null ? null : value;
    }

    /// <summary>The port of <c>9230</c>, <c>0.0.0.0:9230</c>, <c>[::1]:9230</c>.</summary>
    private static int? Port(string? value) =>
        int.TryParse(value.AsSpan((value?.LastIndexOf(':') ?? -1) + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= 65535 ? port : null;
}

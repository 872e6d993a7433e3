using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Sockets, HTTP messages and HTTP/2 sessions.</summary>
internal static partial class Connections
{
    public static Recogniser Instance { get; } = new("connections", Pattern(),
        "They are connections or messages on them",
        "Close or destroy them when the peer is done, and set timeouts for peers that never answer.");

    [GeneratedRegex(@">(Socket|TLSSocket|TLSWrap|TCP|Pipe|UDP|ClientHttp2Session|ServerHttp2Session|ClientHttp2Stream|ServerHttp2Stream|ClientRequest|IncomingMessage|ServerResponse|HTTPParser)\n=", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

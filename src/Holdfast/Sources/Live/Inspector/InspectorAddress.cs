using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Common;

namespace Holdfast.Sources.Live.Inspector;

/// <summary>Finds an inspector's session by the list it has of itself.</summary>
internal static class InspectorAddress
{
    /// <summary>
    /// The session of the process at a port, or null where what is there is no inspector. Only the path is taken from the list: the host is
    /// the one that was named.
    /// </summary>
    /// <exception cref="InputException">Nothing answers there.</exception>
    public static Uri? TryFind(Uri page, HttpPages pages, CancellationToken stop)
    {
        string? text = pages.TryGet(new Uri(page, "/json/list"), stop, out _);
        if (text is null) return null;
        try
        {
            if (JsonNode.Parse(text) is not JsonArray list) return null;
            JsonNode? target = list.FirstOrDefault(t => t?["webSocketDebuggerUrl"] is not null);
            if (target is null || !Uri.TryCreate((string?)target["webSocketDebuggerUrl"], UriKind.Absolute, out Uri? session)) return null;
            return new UriBuilder(page.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", page.Host, page.Port, session.AbsolutePath).Uri;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The same where an inspector is known to listen.</summary>
    public static Uri Find(IPEndPoint listening, HttpPages pages, CancellationToken stop)
    {
        // What listens on every address is asked on this machine's own.
        IPAddress address = listening.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : listening.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : listening.Address;
        var page = new UriBuilder("http", new IPEndPoint(address, 0).AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString(), listening.Port).Uri;
        return TryFind(page, pages, stop) ?? throw new InputException($"{page}: listens where the inspector should and has no list of sessions. Is it something else's port?");
    }
}

using System.Net;
using Holdfast.Common;

namespace Holdfast.Sources.Live;

/// <summary>Pages of the host the user named, and of no other: no proxy, no redirect to another host, nothing too large.</summary>
internal sealed class HttpPages : IDisposable
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(15);

    private const int MostRedirects = 4;

    private readonly HttpClient _client;
    private readonly TimeSpan _patience;

    /// <param name="mostBytes">Bytes of one page.</param>
    /// <param name="patience">How long an answer may take; 15 s unless given.</param>
    public HttpPages(int mostBytes = Limits.MaxPageBytes, TimeSpan? patience = null)
    {
        _patience = patience ?? UsualPatience;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = UsualPatience, UseCookies = false })
        {
            MaxResponseContentBufferSize = mostBytes,
            Timeout = _patience,
        };
    }

    /// <summary>The text of a page.</summary>
    /// <exception cref="InputException">It is not there, redirects elsewhere, is too large, or does not come in time.</exception>
    public string Get(Uri address, CancellationToken stop) =>
        TryGet(address, stop, out HttpStatusCode status) ?? throw new InputException($"{address}: answered {(int)status} {status}, expected a page. Check the path.");

    /// <summary>As <see cref="Get"/>; null where the answer is that there is no such page.</summary>
    public string? TryGet(Uri address, CancellationToken stop, out HttpStatusCode status)
    {
        (status, string text) = Ask(HttpMethod.Get, address, stop);
        return (int)status is >= 200 and < 300 ? text : null;
    }

    /// <summary>Asks, and gives the answer whatever its status; redirects within the host are followed.</summary>
    /// <exception cref="InputException">Nobody answers, it redirects elsewhere, is too large, or does not come in time.</exception>
    public (HttpStatusCode Status, string Text) Ask(HttpMethod method, Uri address, CancellationToken stop)
    {
        Uri at = address;
        for (int i = 0; i <= MostRedirects; i++)
        {
            using HttpResponseMessage answer = Send(method, at, stop);
            HttpStatusCode status = answer.StatusCode;
            if ((int)status is >= 300 and < 400 && answer.Headers.Location is { } to)
            {
                Uri next = new(at, to);
                if (next.Host != address.Host || next.Port != address.Port || next.Scheme != address.Scheme)
                    throw new InputException($"{at}: redirects to {next.GetLeftPart(UriPartial.Authority)}, which is another host than was named. Nothing was asked there; name it if it is the one that is meant.");
                at = next;
                continue;
            }

            using var text = new StreamReader(answer.Content.ReadAsStream(stop));
            return (status, text.ReadToEnd());
        }

        throw new InputException($"{address}: redirects more than {MostRedirects} times.");
    }

    public void Dispose() => _client.Dispose();

    private HttpResponseMessage Send(HttpMethod method, Uri address, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(method, address);
            return _client.Send(request, HttpCompletionOption.ResponseContentRead, stop);
        }
        catch (HttpRequestException e)
        {
            string advice = e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded ? $"It is larger than {nameof(Limits.MaxPageBytes)} allows." : "Is the process running, and the port right?";
            throw new InputException($"{address}: cannot be read: {e.Message} {advice}", e);
        }
        catch (TaskCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new InputException($"{address}: did not answer within {_patience.TotalSeconds} s. A process whose event loop is blocked answers no request; `holdfast watch pid:N` needs no answer.", e);
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Tests.Live;

/// <summary>A little server of pages on loopback.</summary>
internal sealed class PageServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    /// <param name="answer">Status, further headers and body for a path.</param>
    public PageServer(Func<string, (int Status, string Headers, string Body)> answer)
    {
        _listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                await using NetworkStream stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                string path = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
                while (await reader.ReadLineAsync() is { Length: > 0 }) { }
                (int status, string headers, string body) = answer(path);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\n{headers}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
            }
        });
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Stop();
}

using System.Globalization;

namespace Holdfast.Tests.Live;

/// <summary>A Node.js that serves HTTP, with a worker, and has a known number of objects in a Map.</summary>
internal sealed class ServingNode : IDisposable
{
    public const int Sessions = 5000;

    private const string Script = """
        const http = require('http'), { Worker } = require('worker_threads');
        class Session { constructor(id) { this.id = id; this.text = `session ${id}`; } }
        class Held { constructor(i) { this.i = i; } }
        const sessions = new Map(); for (let i = 0; i < SESSIONS; i++) sessions.set(i, new Session(i));
        globalThis.leaked = [];
        new Worker("class Job { constructor(i) { this.i = i; } } globalThis.jobs = Array.from({ length: 321 }, (_, i) => new Job(i)); setInterval(() => {}, 1000); require('worker_threads').parentPort.postMessage(1)", { eval: true })
          .on('message', () => http.createServer((request, response) => {
            if (request.url === '/leak') setInterval(() => { for (let i = 0; i < 200; i++) leaked.push(new Held(i)); }, 20);
            response.end(String(sessions.size));
          }).listen(0, '127.0.0.1', function () { console.log(this.address().port); }));
        """;

    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(20) };

    public ServingNode(string binary, params string[] options) =>
        Node = new LiveNode(binary, Script.Replace("SESSIONS", Sessions.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), options);

    public LiveNode Node { get; }

    public string Target => Node.Target;

    /// <summary>Asks it; it says how many sessions it has.</summary>
    public string Ask(string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Node.Ready}{path}");
        using HttpResponseMessage answer = Client.Send(request, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(answer.Content.ReadAsStream(TestContext.Current.CancellationToken));
        return reader.ReadToEnd();
    }

    /// <summary>Fails unless it runs, is traced by nobody, and answers.</summary>
    public void AssertUnharmed()
    {
        Assert.False(Node.HasExited, "the process has ended");
        string status = File.ReadAllText($"/proc/{Node.Pid}/status");
        Assert.Contains("TracerPid:\t0", status, StringComparison.Ordinal);
        Assert.Matches(@"State:\t[RS]", status);
        Assert.Equal(Sessions.ToString(CultureInfo.InvariantCulture), Ask());
    }

    public void Dispose() => Node.Dispose();
}

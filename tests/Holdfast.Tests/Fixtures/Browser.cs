using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Tests.Fixtures;

/// <summary>A headless Chromium with one page, driven by its DevTools protocol. The test is skipped where there is none.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _profile = new();
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(3));
    private Process? _process;
    private int _sent;

    public static async Task<Browser> Open(string page)
    {
        string? binary = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        if (binary is null) Assert.Skip("there is no Chromium: install chromium (Debian: apt-get install chromium) to run this test");
        var browser = new Browser();
        await browser.Start(binary!, page);
        return browser;
    }

    /// <summary>What a script gives, which must be a value.</summary>
    public async Task<JsonNode?> Evaluate(string script)
    {
        JsonNode answer = await Send("Runtime.evaluate", new JsonObject { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true });
        Assert.True(answer["exceptionDetails"] is null, $"{script}: {answer["exceptionDetails"]?.ToJsonString()}");
        return answer["result"]!["value"];
    }

    public async Task Click(double x, double y)
    {
        foreach (string type in new[] { "mouseMoved", "mousePressed", "mouseReleased" })
            await Send("Input.dispatchMouseEvent", new JsonObject { ["type"] = type, ["x"] = x, ["y"] = y, ["button"] = type == "mouseMoved" ? "none" : "left", ["clickCount"] = 1 });
    }

    public async Task Press(string key, string? text = null)
    {
        var down = new JsonObject { ["type"] = "keyDown", ["key"] = key, ["windowsVirtualKeyCode"] = key == "Enter" ? 13 : 0 };
        if ((text ?? (key == "Enter" ? "\r" : null)) is { } typed) down["text"] = typed;
        await Send("Input.dispatchKeyEvent", down);
        await Send("Input.dispatchKeyEvent", new JsonObject { ["type"] = "keyUp", ["key"] = key });
    }

    public Task Type(string text) => Send("Input.insertText", new JsonObject { ["text"] = text });

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _stop.Dispose();
        try
        {
            _profile.Dispose();
        }
        catch (IOException)
        {
            // A child of it that is just ending still writes there.
        }
    }

    private async Task Start(string binary, string page)
    {
        var start = new ProcessStartInfo(binary) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string option in new[]
        {
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", "--window-size=1300,900", "--remote-debugging-port=0", $"--user-data-dir={_profile.Path}", new Uri(page).AbsoluteUri,
        })
            start.ArgumentList.Add(option);
        _process = Process.Start(start)!;
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        string portFile = _profile.File("DevToolsActivePort");
        var clock = Stopwatch.StartNew();
        while (!File.Exists(portFile) || new FileInfo(portFile).Length == 0)
        {
            Assert.True(clock.Elapsed < Patience, "Chromium did not start");
            await Task.Delay(50);
        }

        using var http = new HttpClient();
        string port = (await File.ReadAllLinesAsync(portFile))[0];
        JsonNode? target = null;
        while (target is null)
        {
            Assert.True(clock.Elapsed < Patience, "Chromium opened no page");
            JsonNode list = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list")))!;
            target = list.AsArray().FirstOrDefault(t => (string?)t!["type"] == "page" && ((string)t["url"]!).StartsWith("file:", StringComparison.Ordinal));
            if (target is null) await Task.Delay(50);
        }

        await _socket.ConnectAsync(new Uri((string)target["webSocketDebuggerUrl"]!), _stop.Token);
        while ((bool?)await Evaluate("document.readyState === 'complete' && !!window.flame") != true)
        {
            Assert.True(clock.Elapsed < Patience, "the page did not load, or its script failed");
            await Task.Delay(50);
        }
    }

    private async Task<JsonNode> Send(string method, JsonObject parameters)
    {
        int id = ++_sent;
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters });
        await _socket.SendAsync(message, WebSocketMessageType.Text, true, _stop.Token);
        while (true)
        {
            using var answer = new MemoryStream();
            byte[] block = new byte[64 << 10];
            WebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(block, _stop.Token);
                answer.Write(block, 0, part.Count);
            }
            while (!part.EndOfMessage);
            JsonNode json = JsonNode.Parse(answer.ToArray())!;
            if ((int?)json["id"] != id) continue;
            Assert.True(json["error"] is null, $"{method}: {json["error"]?.ToJsonString()}");
            return json["result"]!;
        }
    }
}

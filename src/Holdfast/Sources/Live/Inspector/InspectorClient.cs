using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Common;

namespace Holdfast.Sources.Live.Inspector;

/// <summary>
/// A session with a process's inspector: requests and their answers, and the sessions of its workers. One thread asks at a time; answers that
/// were not waited for are passed over. Source: chromedevtools.github.io/devtools-protocol, and Node's NodeWorker domain.
/// </summary>
internal sealed class InspectorClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket = new();
    private readonly Uri _address;
    private readonly int _mostBytes;
    private readonly Dictionary<string, InspectorThread> _workers = [];
    private readonly byte[] _buffer = new byte[64 << 10];
    private Action<string, JsonObject>? _listener;
    private string? _listenedSession;
    private int _lastId;

    private InspectorClient(Uri address, int mostBytes)
    {
        (_address, _mostBytes) = (address, mostBytes);
        _socket.Options.Proxy = null;
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
    }

    /// <summary>The main thread and the workers there are now.</summary>
    public IReadOnlyList<InspectorThread> Threads => [InspectorThread.Main, .. _workers.Values.OrderBy(w => w.Number)];

    /// <param name="address">As an inspector's list gives it: <c>ws://host:port/id</c>.</param>
    /// <param name="stop">Cancellation.</param>
    /// <param name="mostBytes">Bytes of one message.</param>
    /// <exception cref="InputException">Nothing there speaks this protocol.</exception>
    public static InspectorClient Connect(Uri address, CancellationToken stop, int mostBytes = Limits.MaxInspectorMessageBytes)
    {
        var client = new InspectorClient(address, mostBytes);
        try
        {
            // A redirect is not followed: whatever is not the protocol's own answer is an error.
            Within(address, Patience, token => client._socket.ConnectAsync(address, token), stop);
            return client;
        }
        catch (WebSocketException e)
        {
            client.Dispose();
            throw new InputException($"{address}: no inspector answers there: {e.Message} Start the process with --inspect, or give http://host:port to have its list read.", e);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Attaches to the workers that run and to those that are started later.</summary>
    public void AttachWorkers(CancellationToken stop)
    {
        Request("NodeWorker.enable", new JsonObject { ["waitForDebuggerOnStart"] = false }, InspectorThread.Main, stop);

        // They are told one by one; the answer to a question that comes after says that all have been.
        Request("Runtime.getHeapUsage", null, InspectorThread.Main, stop);
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <returns>The result; null where the worker has ended meanwhile.</returns>
    /// <exception cref="InputException">The inspector refuses, ends, or does not answer in time.</exception>
    public JsonObject? Request(string method, JsonObject? parameters, InspectorThread thread, CancellationToken stop, TimeSpan? patience = null)
    {
        int id = ++_lastId;
        var message = new JsonObject { ["id"] = id, ["method"] = method };
        if (parameters is not null) message["params"] = parameters;
        if (thread.Session is { } session)
        {
            if (!_workers.ContainsKey(session)) return null;
            message = new JsonObject
            {
                ["id"] = ++_lastId,
                ["method"] = "NodeWorker.sendMessageToWorker",
                ["params"] = new JsonObject { ["sessionId"] = session, ["message"] = message.ToJsonString() },
            };
        }

        JsonObject? answer = null;
        Within(_address, patience ?? Patience, async token =>
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, token).ConfigureAwait(false);
            while (answer is null && (thread.Session is null || _workers.ContainsKey(thread.Session)))
                answer = Handle(await Receive(token).ConfigureAwait(false), id, thread.Session);
        }, stop);
        if (answer?["error"] is { } error) throw new InputException($"{_address}: {method} was refused: {error["message"]}");
        return answer?["result"] as JsonObject;
    }

    /// <summary>As <see cref="Request"/>, with each event of the thread that comes before the answer given to a listener: what it streams.</summary>
    public JsonObject? Stream(string method, JsonObject? parameters, InspectorThread thread, Action<string, JsonObject> listener, TimeSpan patience, CancellationToken stop)
    {
        (_listener, _listenedSession) = (listener, thread.Session);
        try
        {
            return Request(method, parameters, thread, stop, patience);
        }
        finally
        {
            _listener = null;
        }
    }

    /// <summary>
    /// The value of an expression, which must be text. <c>require</c> is there as in the console.
    /// </summary>
    public string? Evaluate(string expression, InspectorThread thread, CancellationToken stop)
    {
        JsonObject? answer = Request("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["includeCommandLineAPI"] = true, ["returnByValue"] = true, ["silent"] = true }, thread, stop);
        if (answer?["exceptionDetails"] is { } failure)
            throw new InputException($"{_address}: {thread.Name} could not say it: {failure["exception"]?["description"] ?? failure["text"]}");
        return answer?["result"]?["value"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
    }

    public void Dispose()
    {
        try
        {
            if (_socket.State == WebSocketState.Open) _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Wait(Patience);
        }
        catch (AggregateException)
        {
            // The other side was faster.
        }

        _socket.Dispose();
    }

    private JsonObject? Handle(JsonObject message, int id, string? session)
    {
        if (session is null && Is(message, id)) return message;
        JsonObject? parameters = message["params"] as JsonObject;
        if (session is null) Tell(message, null);
        string own = Text(parameters, "sessionId");
        switch (Text(message, "method"))
        {
            case "NodeWorker.attachedToWorker" when own.Length > 0 && _workers.Count < Limits.MaxThreads:
                var info = parameters?["workerInfo"] as JsonObject;
                _workers[own] = InspectorThread.OfWorker(own, Text(info, "workerId"), Text(info, "title"), _workers.Values.Select(w => w.Name));
                break;
            case "NodeWorker.detachedFromWorker":
                _workers.Remove(own);
                break;
            case "NodeWorker.receivedMessageFromWorker" when own == session:
                if (Parse(Text(parameters, "message")) is not { } inner) return null;
                if (Is(inner, id)) return inner;
                Tell(inner, session);
                break;
        }

        return null;
    }

    private void Tell(JsonObject message, string? session)
    {
        if (_listener is not null && session == _listenedSession && Text(message, "method") is { Length: > 0 } method) _listener(method, message["params"] as JsonObject ?? []);
    }

    private static string Text(JsonObject? message, string name) => message?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static bool Is(JsonObject message, int id) => message["id"] is JsonValue value && value.TryGetValue(out int own) && own == id;

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<JsonObject> Receive(CancellationToken stop)
    {
        var text = new MemoryStream();
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(_buffer.AsMemory(), stop).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
            if (text.Length + part.Count > _mostBytes)
                throw new InputException($"{_address}: sent a message of more than {_mostBytes} bytes (limit {nameof(Limits.MaxInspectorMessageBytes)}). Is it an inspector of Node.js?");
            text.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage) break;
        }

        return Parse(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length)) ?? throw new InputException($"{_address}: sent something that is no message of the inspector's protocol.");
    }

    private static void Within(Uri address, TimeSpan patience, Func<CancellationToken, Task> run, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience);
        try
        {
            Task.Run(() => run(limit.Token), limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new InputException($"{address}: did not answer within {patience.TotalSeconds} s. `holdfast watch pid:N` and `holdfast triage pid:N` need no answer of the process.");
        }
    }
}

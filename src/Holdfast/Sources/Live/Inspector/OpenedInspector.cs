using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Holdfast.Common;

namespace Holdfast.Sources.Live.Inspector;

/// <summary>
/// An inspector that SIGUSR1 opened, on loopback, and that is closed again. The signal is only sent to what is Node and has a handler for it:
/// anything else it would end.
/// </summary>
internal sealed class OpenedInspector : IDisposable
{
    private const int UserSignal1 = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Closing waits until nobody is connected, and this session is: it begins once the answer is out.</summary>
    private const string CloseSoon = "setTimeout(() => (process.getBuiltinModule?.('inspector') ?? require('inspector')).close(), 50).unref?.(), 'closing'";

    private readonly bool _mustClose;

    private OpenedInspector(InspectorClient client, bool mustClose) => (Client, _mustClose) = (client, mustClose);

    public InspectorClient Client { get; }

    /// <summary>Connects to a process's inspector; opens it where it is not and that was asked for.</summary>
    /// <exception cref="InputException">It is closed and may not or cannot be opened.</exception>
    public static OpenedInspector Connect(ProcFolder proc, NodeProcess process, bool mayOpen, HttpPages pages, CancellationToken stop)
    {
        if (process.Inspector is { } open) return new OpenedInspector(InspectorClient.Connect(InspectorAddress.Find(open, pages, stop), stop), mustClose: false);
        string name = $"pid:{process.Pid}";
        if (!mayOpen) throw new InputException($"{name}: its inspector is closed. --open-inspector opens it by SIGUSR1 and closes it afterwards.");
        Check(process, name);
        if (IsTaken(process.Arguments.InspectorPort))
            throw new InputException($"{name}: its inspector would listen on port {process.Arguments.InspectorPort}, and something else does. Nothing was sent; end that first.");

        // Between looking and sending it could have ended, and another taken its number.
        NodeProcess again = new NodeProcesses(proc).Get(process.Pid);
        Check(again, name);
        if (LinuxCalls.Kill(process.Pid, UserSignal1) != 0)
            throw new InputException($"{name}: cannot be sent a signal: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        IPEndPoint listening = WaitFor(proc, process, name, stop);
        InspectorClient client = InspectorClient.Connect(InspectorAddress.Find(listening, pages, stop), stop);
        return new OpenedInspector(client, mustClose: true);
    }

    public void Dispose()
    {
        try
        {
            if (_mustClose) Client.Evaluate(CloseSoon, InspectorThread.Main, CancellationToken.None);
        }
        catch (Exception e) when (e is InputException or System.Net.WebSockets.WebSocketException)
        {
            // The process has ended, and its inspector with it.
        }
        finally
        {
            Client.Dispose();
        }
    }

    private static void Check(NodeProcess process, string name)
    {
        string? why = process switch
        {
            { Access.CanSignal: false } => "this user may not send it signals: run as its user or as root",
            { Status.HandlesUserSignal1: false } => "it has no handler for SIGUSR1, which would end it (it is just starting, or was built without the inspector)",
            { Status.IsStopped: true } => "it is stopped and would not hear a signal",
            { Arguments.IgnoresUserSignal1: true } => "it runs with --disable-sigusr1",
            { Arguments.IsInspectorPrivate: false } => $"it would listen on {process.Arguments.InspectorHost}, where other machines can reach it",
            _ => null,
        };
        if (why is not null) throw new InputException($"{name}: its inspector cannot be opened: {why}. Nothing was sent. Without --open-inspector it is watched from outside.");
    }

    private static bool IsTaken(int port)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static IPEndPoint WaitFor(ProcFolder proc, NodeProcess process, string name, CancellationToken stop)
    {
        var time = Stopwatch.StartNew();
        do
        {
            if (ListeningSockets.Of(proc, process.Pid).FirstOrDefault(s => s.Port == process.Arguments.InspectorPort) is { } found) return found;
            stop.WaitHandle.WaitOne(50);
            stop.ThrowIfCancellationRequested();
        }
        while (time.Elapsed < Patience);

        throw new InputException($"{name}: its inspector did not open within {Patience.TotalSeconds} s after SIGUSR1. The program may use that signal itself, or run in another network namespace. Without --open-inspector it is watched from outside.");
    }
}

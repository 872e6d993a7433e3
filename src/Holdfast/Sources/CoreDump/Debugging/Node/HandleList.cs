using System.Globalization;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Node;

/// <summary>
/// What Node's event loop has to watch: handles of libuv behind JavaScript objects, timers, and requests under way. Handles are found from
/// the objects: one whose native part has a handle of libuv in it that points back. Source: Node, src/handle_wrap.h; libuv, include/uv/unix.h.
/// </summary>
internal sealed class HandleList(CoreSession core, Work work)
{
    /// <summary>Bytes of a native part in which its handle is looked for.</summary>
    private const int NativeBytes = 512;

    private const int HandleLoop = 8;
    private const int HandleType = 16;
    private const int HandleFlags = 88;
    private const int StreamDescriptor = 184;
    private const int LoopTime = 544;
    private const uint Closing = 3;
    private const uint Active = 4;
    private const uint Referenced = 8;

    private static readonly string[] Types =
        ["", "async", "check", "fs_event", "fs_poll", "handle", "idle", "pipe", "poll", "prepare", "process", "stream", "tcp", "timer", "tty", "udp", "signal"];

    private readonly V8Heap _heap = core.Heap;
    private readonly ValueReader _values = new(core, new ValueOptions(0, 0, 200));

    /// <summary>Handles and timers: what <c>process._getActiveHandles()</c> gives, and more.</summary>
    public IReadOnlyList<ActiveHandle> Handles() => [.. Native(), .. Timers()];

    /// <summary>What <c>process._getActiveRequests()</c> gives.</summary>
    public IReadOnlyList<ActiveHandle> Requests()
    {
        var found = new List<ActiveHandle>();
        foreach (ObjectView view in ObjectView.Instances(core, IsRequest, work))
        {
            if (NativePart(view.Object) == 0) continue;
            var details = new List<NamedText>();
            foreach (string name in (string[])["hostname", "address", "port", "path", "oncomplete", "callback"]) AddProperty(view, name, details);
            if (view.View("context") is { } context) AddProperty(context, "callback", details);
            found.Add(Describe("request", view, view, details));
        }

        return found;
    }

    /// <summary>The event loop's clock when it last went round, in milliseconds; null where no handle leads to a loop.</summary>
    public ulong? LoopClock()
    {
        foreach (ObjectView view in Wrappers())
        {
            if (HandleOf(NativePart(view.Object)) is not (> 0 and var handle)) continue;
            ulong time = core.Heap.Memory.Word(core.Heap.Memory.Word(handle + HandleLoop) + LoopTime);
            if (time != 0) return time;
        }

        return null;
    }

    private static bool IsRequest(string name) => name is "FSReqCallback" or "WriteWrap" or "ShutdownWrap" or "SendWrap" or "ConnectWrap"
        || name.EndsWith("ReqWrap", StringComparison.Ordinal) || name.EndsWith("ConnectWrap", StringComparison.Ordinal);

    private IEnumerable<ObjectView> Wrappers() =>
        ObjectView.Instances(core, _ => true, work).Where(view => _heap.Layout.EmbedderFields(view.Object) >= 0);

    private IEnumerable<ActiveHandle> Native()
    {
        foreach (ObjectView view in Wrappers())
        {
            ulong handle = HandleOf(NativePart(view.Object));
            if (handle == 0) continue;
            uint flags = (uint)_heap.Memory.Int32(handle + HandleFlags);
            if ((flags & Closing) != 0) continue;
            string kind = Types[_heap.Memory.Int32(handle + HandleType)];
            ObjectView owner = view.View("[Symbol(owner_symbol)]") ?? view.View("owner") ?? view;
            List<NamedText> details = Details(kind, view, owner);
            if (kind is "tcp" or "pipe" or "tty" && _heap.Memory.Int32(handle + StreamDescriptor) is >= 0 and < 1 << 20 and var descriptor)
                details.Add(new NamedText("fd", descriptor.ToString(CultureInfo.InvariantCulture)));
            if ((flags & Active) == 0) details.Add(new NamedText("state", "idle"));
            yield return Describe(kind, view, owner, details) with { IsReferenced = (flags & Referenced) != 0 };
        }
    }

    /// <summary>The native part of an object, 0 where it has none or no more.</summary>
    private ulong NativePart(HeapObject of)
    {
        int start = _heap.Layout.EmbedderFields(of);
        if (start < 0 || start + 16 > of.Map.InObjectStart * 8) return 0;
        ulong word = of[start + 8];
        return word != 0 && (word & 7) == 0 && _heap.Pages.NumberOf(word) < 0 ? word : 0;
    }

    /// <summary>The handle of libuv in a native part: its first field is where it belongs to, and its type is one there is.</summary>
    private ulong HandleOf(ulong native)
    {
        if (native == 0) return 0;
        for (ulong at = native + 8; at < native + NativeBytes; at += 8)
        {
            ulong handle = _heap.Memory.PeekWord(at);
            bool pointsBack = handle != 0 && (handle & 7) == 0 && _heap.Memory.PeekWord(handle) == native;
            if (pointsBack && _heap.Memory.Int32(handle + HandleType) is > 0 and < 17 && _heap.Memory.PeekWord(handle + HandleLoop) != 0) return handle;
        }

        return 0;
    }

    private List<NamedText> Details(string kind, ObjectView wrapper, ObjectView owner)
    {
        var details = new List<NamedText>();
        switch (kind)
        {
            case "tcp" or "pipe":
                AddAddress(owner, "_sockname", "local", details);
                AddAddress(owner, "_peername", "remote", details);
                AddProperty(owner, "_connectionKey", details);
                AddProperty(owner, "_host", details);
                break;
            case "process":
                AddProperty(wrapper, "pid", details);
                AddProperty(owner, "spawnfile", details);
                break;
            case "fs_event" or "fs_poll":
                AddProperty(wrapper, "onchange", details);
                break;
        }

        return details;
    }

    private static void AddAddress(ObjectView owner, string property, string name, List<NamedText> details)
    {
        if (owner.View(property) is not { } address || address.Text("address") is not { } host) return;
        string shown = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        details.Add(new NamedText(name, string.Create(CultureInfo.InvariantCulture, $"{shown}:{address.Number("port")}")));
    }

    private void AddProperty(ObjectView of, string name, List<NamedText> details)
    {
        ulong word = of.Word(name);
        if (word == 0) return;
        Value value = _values.Read(word, 0);
        if (value.Type is "undefined" or "null" or "hole" or "unreadable") return;
        string text = value.Type == "string" ? value.Content! : value.Text;
        details.Add(new NamedText(name, value.Type == "function" ? $"{text} {FunctionList.Location(core, _heap[_heap.IndexOf(word)])}".TrimEnd() : text));
    }

    private IEnumerable<ActiveHandle> Timers()
    {
        foreach (ObjectView timer in ObjectView.Instances(core, name => name == "Timeout", work))
        {
            // Node's own class has these; one that is over has no callback, or says so.
            if (timer.Number("_idleStart") is not { } start || timer.Number("_idleTimeout") is not (> 0 and var after) || timer.Boolean("_destroyed") != false) continue;
            var details = new List<NamedText>();
            AddProperty(timer, "_onTimeout", details);
            details.Add(new NamedText("due", string.Create(CultureInfo.InvariantCulture, $"{start + after} ms after the loop began")));
            if (timer.Number("_repeat") is { } repeat) details.Add(new NamedText("every", string.Create(CultureInfo.InvariantCulture, $"{repeat} ms")));
            yield return Describe("timer", timer, timer, details) with { IsReferenced = timer.Boolean("[Symbol(refed)]") };
        }
    }

    private ActiveHandle Describe(string kind, ObjectView wrapper, ObjectView owner, List<NamedText> details) => new(
        kind, core.Classes.Of(wrapper.Object), wrapper.Object.Address, _values.Read(owner.Object, 0).Text, owner.Object.Address, details);
}

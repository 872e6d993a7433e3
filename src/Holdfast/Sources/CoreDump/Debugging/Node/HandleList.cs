using System.Globalization;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Node;

/// <summary>
/// What Node's event loop has to watch: handles of libuv behind JavaScript objects, timers, and requests under way. Handles are found from
/// the objects (<see cref="LibuvHandle"/>).
/// </summary>
internal sealed class HandleList(CoreSession core, Work work)
{
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
            if (LibuvHandle.Find(core.Heap.Memory, NativePart(view.Object)) is { LoopClock: > 0 and var clock }) return clock;
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
            if (LibuvHandle.Find(_heap.Memory, NativePart(view.Object)) is not { IsClosing: false } handle) continue;
            ObjectView owner = view.View("[Symbol(owner_symbol)]") ?? view.View("owner") ?? view;
            List<NamedText> details = Details(handle.Type, view, owner);
            if (handle.Descriptor is { } descriptor) details.Add(new NamedText("fd", descriptor.ToString(CultureInfo.InvariantCulture)));
            if (!handle.IsActive) details.Add(new NamedText("state", "idle"));
            yield return Describe(handle.Type, view, owner, details) with { IsReferenced = handle.IsReferenced };
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

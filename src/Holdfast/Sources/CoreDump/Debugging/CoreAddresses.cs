using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Addresses as people type them: with V8's tag, as pointers have it, or without; <c>@0x…</c> or <c>0x…</c>.</summary>
internal static class CoreAddresses
{
    /// <summary>The object at an address.</summary>
    /// <exception cref="InputException">It is no address, or no object begins there.</exception>
    public static HeapObject Find(CoreSession core, string text)
    {
        if (!NodeIdText.TryParse(text, out ulong address))
            throw new InputException($"{text}: expected an address such as 0x1a2b3c4d5e61, as every command shows them.");
        return Find(core, address);
    }

    /// <inheritdoc cref="Find(CoreSession, string)"/>
    public static HeapObject Find(CoreSession core, ulong address)
    {
        int index = core.Heap.IndexOf(address | 1);
        if (index >= 0) return core.Heap[index];
        string why = core.Heap.Pages.NumberOf(address) >= 0 ? "no object begins there; `holdfast find` looks for objects by constructor or name"
            : core.Image.Memory.Find(address).DataSize > 0 ? "that is memory of the process, but not of V8's heap"
            : "the core has no memory there";
        throw new InputException($"{NodeIdText.Show(address)}: {why}.");
    }
}

using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// A value in a few words, for lists of values: primitive ones as <see cref="PrimitiveReader"/> has them, functions by name, other objects by
/// class and address.
/// </summary>
internal sealed class ValueText(CoreSession core)
{
    private readonly V8Heap _heap = core.Heap;
    private readonly ObjectFields _fields = new(core);

    /// <summary>A tagged word of V8's as text, with the address where it is an object.</summary>
    public FrameValue Of(ulong word)
    {
        if ((word & 1) == 0) return new FrameValue((uint)word == 0 ? PrimitiveReader.SmallInteger(word).Text : $"??? (no value: 0x{word:x})", null);
        int index = _heap.IndexOf(word);
        return index < 0 ? new FrameValue($"??? (no object at {NodeIdText.Show(word)})", null) : new FrameValue(Of(_heap[index]), _heap[index].Address);
    }

    /// <summary>An object as text.</summary>
    public string Of(HeapObject value)
    {
        if (core.Primitives.TryRead(value, PrimitiveReader.ShownCharacters) is { } primitive) return primitive.Text;
        string at = NodeIdText.Show(value.Address);
        return value.Kind switch
        {
            ObjectKind.Function => Function(value, at),
            ObjectKind.Array => $"<{core.Classes.Of(value)}({_fields.ArrayLength(value)}) {at}>",
            ObjectKind.GlobalProxy or ObjectKind.GlobalObject => $"<global {at}>",
            _ => value.Traits.IsReceiver ? $"<{core.Classes.Of(value)} {at}>" : $"<{value.Traits.Name} {at}>",
        };
    }

    /// <summary>An exception: its class and message, where it has them.</summary>
    public FrameValue Thrown(ulong word)
    {
        int index = _heap.IndexOf(word);
        if (index < 0 || !_heap[index].Traits.IsJSObject) return Of(word);
        HeapObject error = _heap[index];
        return _fields.OwnString(error, "message") is { } message ? new FrameValue($"{core.Classes.Of(error)}: {message}", error.Address) : Of(word);
    }

    private string Function(HeapObject function, string at)
    {
        string name = core.Functions.TryShared(function, out HeapObject shared) ? core.Functions.DebugName(shared) : "";
        return $"<function {(name.Length > 0 ? name + " " : "")}{at}>";
    }
}

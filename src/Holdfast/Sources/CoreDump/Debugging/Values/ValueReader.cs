using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>
/// Makes of a word in a process's memory the value a developer knows. What can't be read is a value that says so; it never ends the rest.
/// </summary>
internal sealed class ValueReader
{
    private readonly V8Heap _heap;
    private readonly ValueOptions _options;
    private readonly PrimitiveReader _primitives;
    private readonly ObjectLabels _labels;
    private readonly ObjectParts _parts;
    private readonly InternalParts _internals;
    private readonly HashSet<ulong> _open = [];
    private readonly int _mostTaken;
    private int _taken;

    /// <param name="core">The core.</param>
    /// <param name="options">How much of each value is read.</param>
    /// <param name="mostTaken">Values that are taken apart, all in all.</param>
    public ValueReader(CoreSession core, ValueOptions options, int mostTaken = Limits.MaxShownValues)
    {
        _mostTaken = mostTaken;
        _heap = core.Heap;
        _options = options;
        _primitives = core.Primitives;
        _labels = new ObjectLabels(core, _primitives);
        _parts = new ObjectParts(core, this, options);
        _internals = new InternalParts(core, this, options);
    }

    /// <summary>The value of a word, taken apart as deep as the options say.</summary>
    public Value Read(ulong word) => Read(word, _options.Depth);

    public Value Read(ulong word, int depth)
    {
        if ((word & 1) == 0) return PrimitiveReader.SmallInteger(word);
        if ((word & 3) == 3) return Weak(word, depth);
        int index = _heap.IndexOf(word);
        if (index < 0) return new Value("unreadable", $"??? (0x{word:x}: {WhyNot(word)})") { Id = word };
        return Read(_heap[index], depth);
    }

    public Value Read(HeapObject of, int depth)
    {
        if (_primitives.TryRead(of, _options.Characters) is { } primitive) return primitive;
        Value value = _labels.Of(of) with { Id = of.Address, Size = of.Size };
        if (depth <= 0 || _taken >= _mostTaken || !_open.Add(of.Address)) return value;
        _taken++;
        List<ValueGroup> groups = of.Traits.IsReceiver ? _parts.Of(of, depth - 1) : _internals.Of(of, depth - 1);
        if (_options.WithMap) groups.Add(_internals.MapOf(of));
        _open.Remove(of.Address);
        return value with { Groups = groups.Count == 0 ? null : groups };
    }

    /// <summary>A reference that keeps nothing alive; where its object is gone, V8 leaves a mark.</summary>
    private Value Weak(ulong word, int depth)
    {
        const ulong Cleared = 3;
        if ((uint)word == Cleared) return new Value("internal", "<cleared weak reference>");
        Value value = Read(word & ~2UL, depth);
        return value with { Text = value.Text + " (weak)" };
    }

    private string WhyNot(ulong word)
    {
        if (_heap.Pages.NumberOf(word - 1) >= 0) return "no object begins there; the memory may have been given to others";
        return _heap.Memory.Find(word).DataSize > 0 ? "not in V8's heap" : "not in the core";
    }
}

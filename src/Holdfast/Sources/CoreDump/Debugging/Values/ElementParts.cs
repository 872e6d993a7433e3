using System.Globalization;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>Elements of arrays and of other objects, by whatever V8 keeps them in, and what typed arrays show.</summary>
internal sealed class ElementParts(CoreSession core, ValueReader values, ValueOptions options)
{
    /// <summary>The number that says there is no element, in arrays of numbers.</summary>
    private const ulong DoubleHole = 0xFFF7FFFF_FFF7FFFF;

    private readonly V8Heap _heap = core.Heap;
    private readonly ObjectFields _fields = new(core);

    public ValueGroup? Of(HeapObject owner, int depth)
    {
        switch (owner.Kind)
        {
            case ObjectKind.TypedArray:
                return Bytes(_fields.View(owner));
            case ObjectKind.DataView:
                return Bytes(_fields.View(owner));
            case ObjectKind.ArrayBuffer:
                long bytes = _fields.BufferBytes(owner);
                return Bytes(new TypedArrayView(ElementType.Byte, bytes, 0, bytes, owner[_heap.Layout.BufferBackingStore], -1));
            case ObjectKind.PrimitiveWrapper when _heap.KindOf(_heap.IndexOf(owner[V8Layout.ObjectHeader])) == ObjectKind.String:
                break;
        }

        if (!_heap.TryFollow(owner, V8Layout.Elements, out HeapObject elements)) return null;
        long length = owner.Kind == ObjectKind.Array ? _fields.ArrayLength(owner) : -1;
        ValueGroup? group = elements.Kind switch
        {
            ObjectKind.FixedArray => Tagged(elements, V8Layout.ArrayData, length, depth),
            ObjectKind.FixedDoubleArray => Doubles(elements, length),
            ObjectKind.NumberDictionary => Dictionary(elements, depth),
            ObjectKind.SloppyArgumentsElements => Arguments(elements, depth),
            _ => null,
        };
        return group is { Count: > 0 } ? group : null;
    }

    private static string Name(long index) => index.ToString(CultureInfo.InvariantCulture);

    private bool IsHole(ulong word) => (word & 1) == 1 && _heap.IndexOf(word) is >= 0 and var index && core.Primitives.IsHole(_heap[index]);

    private ValueGroup Tagged(HeapObject elements, int from, long length, int depth)
    {
        ReadOnlySpan<ulong> words = elements.WordsFrom(from);
        if (length >= 0 && length < words.Length) words = words[..(int)length];
        var items = new List<ValueItem>();
        long count = 0;
        for (int i = 0; i < words.Length; i++)
        {
            if (IsHole(words[i])) continue;
            count++;
            if (items.Count < options.Items) items.Add(new ValueItem(Name(i), values.Read(words[i], depth)));
        }

        return new ValueGroup("elements", count, items);
    }

    private ValueGroup Doubles(HeapObject elements, long length)
    {
        ReadOnlySpan<ulong> words = elements.WordsFrom(V8Layout.ArrayData);
        if (length >= 0 && length < words.Length) words = words[..(int)length];
        var items = new List<ValueItem>();
        long count = 0;
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] == DoubleHole) continue;
            count++;
            if (items.Count < options.Items) items.Add(new ValueItem(Name(i), Double(words[i])));
        }

        return new ValueGroup("elements", count, items);
    }

    /// <summary>Since V8 13 an array of numbers may also have undefined in it.</summary>
    private static Value Double(ulong word)
    {
        const ulong Undefined = 0xFFF6FFFF_FFF6FFFF;
        return word == Undefined ? new Value("undefined", "undefined") { Content = "undefined" } : PrimitiveReader.Number(BitConverter.UInt64BitsToDouble(word), null);
    }

    private ValueGroup Dictionary(HeapObject table, int depth)
    {
        var found = new List<(long Index, ulong Value)>();
        for (int at = V8Layout.ArrayData + 32; at + 24 <= table.Size; at += 24)
        {
            ulong key = table[at];
            bool isNumber = (key & 1) == 0 || _heap.KindOf(_heap.IndexOf(key)) == ObjectKind.HeapNumber;
            if (isNumber) found.Add((_fields.Integer(key), table[at + 8]));
        }

        return new ValueGroup("elements", found.Count, [.. found.OrderBy(e => e.Index).Take(options.Items).Select(e => new ValueItem(Name(e.Index), values.Read(e.Value, depth)))]);
    }

    /// <summary>Arguments that share their values with the function's variables: those are in its context.</summary>
    private ValueGroup Arguments(HeapObject mapped, int depth)
    {
        const int First = V8Layout.ArrayData + 16;
        ReadOnlySpan<ulong> slots = mapped.WordsFrom(First);
        bool hasContext = _heap.TryFollow(mapped, V8Layout.ArrayData, out HeapObject context);
        bool hasOwn = _heap.TryFollow(mapped, V8Layout.ArrayData + 8, out HeapObject own);
        ReadOnlySpan<ulong> words = hasOwn ? own.WordsFrom(V8Layout.ArrayData) : [];
        var items = new List<ValueItem>();
        long count = 0;
        for (int i = 0; i < Math.Max(slots.Length, words.Length); i++)
        {
            ulong word = i < slots.Length && (slots[i] & 1) == 0 && hasContext ? context[V8Layout.ArrayData + (8 * (int)(slots[i] >> 32))] : i < words.Length ? words[i] : 1;
            if (word == 1 || IsHole(word)) continue;
            count++;
            if (items.Count < options.Items) items.Add(new ValueItem(Name(i), values.Read(word, depth)));
        }

        return new ValueGroup("elements", count, items);
    }

    private ValueGroup? Bytes(TypedArrayView view)
    {
        if (view.Length <= 0) return null;
        long wanted = Math.Min(view.Length, options.Items);
        ReadOnlySpan<byte> bytes = _fields.Bytes(view, wanted * view.Type.Bytes);
        if (bytes.IsEmpty) return new ValueGroup("elements", view.Length, [new ValueItem("0", new Value("unreadable", "??? (its memory is not in the core)"))]);
        var items = new List<ValueItem>();
        string type = view.Type.Name.StartsWith("Big", StringComparison.Ordinal) ? "bigint" : "number";
        for (int i = 0; (i + 1) * view.Type.Bytes <= bytes.Length; i++)
        {
            string text = view.Type.Show(bytes[(i * view.Type.Bytes)..]);
            items.Add(new ValueItem(Name(i), new Value(type, type == "bigint" ? text + "n" : text) { Content = text }));
        }

        return new ValueGroup("elements", view.Length, items);
    }
}

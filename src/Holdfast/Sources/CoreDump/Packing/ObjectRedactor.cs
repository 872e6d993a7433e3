using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>
/// Writes objects without what they hold of a program's data: texts, numbers, bytes, machine code. References stay, and so does what
/// V8 needs to say what an object is and how long.
/// </summary>
internal sealed class ObjectRedactor : IDisposable
{
    private const int StringHeader = 16;
    private const int StringHash = 8;

    /// <summary>The header of machine code up to V8 10, with its size.</summary>
    private const int CodeHeader = 128;
    private const byte Breakpoint = 0xCC;

    /// <summary>A hash that was not worked out yet.</summary>
    private const int NoHash = 3;

    /// <summary>Words below this are marks and states of V8's.</summary>
    private const ulong Mark = 256;

    private readonly V8Heap _heap;
    private readonly V8Layout _layout;
    private readonly NeededStrings _needed;
    private readonly BlankedTexts _texts;
    private readonly KnownAddresses _known;
    private readonly BitColumn _values;
    private readonly BitColumn _tables;

    public ObjectRedactor(V8Heap heap, NeededStrings needed, BlankedTexts texts, KnownAddresses known, Work work)
    {
        _heap = heap;
        _layout = heap.Layout;
        _needed = needed;
        _texts = texts;
        _known = known;
        _values = new BitColumn(Math.Max(1, heap.Count));
        _tables = new BitColumn(Math.Max(1, heap.Count));
        for (int i = 0; i < heap.Count; i++)
        {
            work.ThrowIfCancelled(i);
            MarkParts(heap[i]);
        }
    }

    public void Dispose()
    {
        _values.Dispose();
        _tables.Dispose();
    }

    /// <summary>Writes an object into as many zero bytes.</summary>
    public void Write(HeapObject of, Span<byte> into)
    {
        switch (of.Traits.Body)
        {
            case ObjectBody.FixedRaw when of.Kind == ObjectKind.HeapNumber:
            case ObjectBody.Hole or ObjectBody.OneWord:
                Copy(of, into, 8);
                break;
            case ObjectBody.BigInt or ObjectBody.Doubles:
            case ObjectBody.Bytes when !_tables[of.Index]:
                Copy(of, into, 16);
                break;
            case ObjectBody.StringCache or ObjectBody.SmallOrderedTable:
                Copy(of, into, 16);
                CopyReferences(of, into, 16, of.Size);
                break;
            case ObjectBody.WasmArray or ObjectBody.WasmStruct:
                Copy(of, into, 24);
                CopyReferences(of, into, 24, of.Size);
                break;
            case ObjectBody.Bytecode:
                Copy(of, into, _layout.BytecodeHeader);
                break;
            case ObjectBody.Instructions:
                WriteInstructions(of, into);
                break;
            default:
                WriteByKind(of, into);
                break;
        }
    }

    /// <summary>Whether a word refers to something in the heap.</summary>
    public bool IsReference(ulong word) => (word & 5) == 1 && _heap.Pages.NumberOf(word & ~7UL) >= 0;

    /// <summary>Lists that hold values of a program, and tables of bytes that code needs.</summary>
    private void MarkParts(HeapObject owner)
    {
        switch (owner.Kind)
        {
            case ObjectKind.Generator:
                MarkList(owner[_layout.GeneratorRegisters]);
                break;
            case ObjectKind.BoundFunction:
                MarkList(owner[40]);
                break;
            case ObjectKind.BytecodeArray or ObjectKind.Code or ObjectKind.CodeDataContainer or ObjectKind.InstructionStream:
                (int from, int end) = References.Range(owner, _layout);
                for (int at = from; at + 8 <= end; at += 8)
                {
                    if (_heap.IndexOf(owner[at]) is >= 0 and var table && _heap.KindOf(table) == ObjectKind.ByteArray) _tables[table] = true;
                }

                break;
        }

        if (owner.Traits.IsJSObject) MarkList(owner[V8Layout.Elements]);
    }

    private void MarkList(ulong reference)
    {
        int index = _heap.IndexOf(reference);
        if (index >= 0 && _heap.KindOf(index) == ObjectKind.FixedArray && !_heap.PageOf(index).IsReadOnly) _values[index] = true;
    }

    private void WriteByKind(HeapObject of, Span<byte> into)
    {
        switch (of.Kind)
        {
            case ObjectKind.String:
                WriteString(of, into);
                break;
            case ObjectKind.PropertyArray:
            case ObjectKind.FixedArray when _values[of.Index]:
                Copy(of, into, V8Layout.ArrayData);
                CopyValues(of, into, V8Layout.ArrayData, of.Size);
                break;
            case ObjectKind.Context:
                // The scope and the context around it, then variables.
                Copy(of, into, 32);
                CopyValues(of, into, 32, of.Size);
                break;
            case ObjectKind.PropertyCell:
                WriteEntries(of, into, 24, of.Size, 8, 0);
                break;
            case ObjectKind.Cell:
                WriteEntries(of, into, 8, 16, 8, 0);
                break;
            case ObjectKind.NameDictionary:
                WriteEntries(of, into, V8Layout.ArrayData + (8 * _layout.DictionaryPrefix), of.Size, 24, 8);
                break;
            case ObjectKind.NumberDictionary:
                WriteEntries(of, into, V8Layout.ArrayData + 32, of.Size, 24, 8);
                break;
            case ObjectKind.EphemeronHashTable:
                WriteEntries(of, into, V8Layout.ArrayData + 24, of.Size, 16, 8);
                break;
            case ObjectKind.SwissNameDictionary:
                WriteEntries(of, into, 24, 24 + (16L * Math.Max(0, of.Int32(12))), 16, 8);
                break;
            case ObjectKind.OrderedHashTable:
                WriteOrderedTable(of, into);
                break;
            case >= ObjectKind.Object:
                WriteObject(of, into);
                break;
            default:
                if (of.Traits.Name is "CONTEXT_CELL" or "EMBEDDER_DATA_ARRAY") WriteCell(of, into);
                else Copy(of, into, of.Size);
                break;
        }
    }

    private void WriteString(HeapObject text, Span<byte> into)
    {
        bool isSequential = HeapStrings.Shape(text) == StringShape.Sequential;
        Copy(text, into, isSequential ? StringHeader : text.Size);
        if (!_needed.IsName(text.Index)) MemoryMarshal.Write(into[StringHash..], NoHash);
        if (!isSequential) return;
        bool isOneByte = HeapStrings.IsOneByte(text);
        ReadOnlySpan<byte> characters = text.Bytes(StringHeader, (long)HeapStrings.Length(text) << (isOneByte ? 0 : 1));
        long number = _needed.IsName(text.Index) || _needed.IsSource(text.Index) ? 0 : _texts.NumberOf(characters, isOneByte);
        _texts.Write(text, number, 0, characters, into.Slice(StringHeader, characters.Length));
    }

    /// <summary>An array buffer's and a function's own fields are numbers and addresses; those of others may be anything.</summary>
    private void WriteObject(HeapObject of, Span<byte> into)
    {
        long fields = of.Map.InObjectStart == 0 ? of.Size : Math.Min(of.Size, of.Map.InObjectStart * 8L);
        Copy(of, into, V8Layout.ObjectHeader);
        if (of.Kind is ObjectKind.Function or ObjectKind.ArrayBuffer or ObjectKind.TypedArray or ObjectKind.DataView) Copy(of, into, fields);
        else if (of.Kind is ObjectKind.Date) CopyReferences(of, into, V8Layout.ObjectHeader, fields);
        else if (of.Kind is ObjectKind.PrimitiveWrapper or ObjectKind.Promise) CopyValues(of, into, V8Layout.ObjectHeader, fields);
        else CopyFields(of, into, V8Layout.ObjectHeader, fields);
        if (fields < of.Size) CopyValues(of, into, (int)fields, of.Size);
    }

    private void WriteCell(HeapObject of, Span<byte> into)
    {
        Copy(of, into, 8);
        if (of.Traits.Name == "EMBEDDER_DATA_ARRAY") CopyFields(of, into, 8, of.Size);
        else CopyReferences(of, into, 8, of.Size);
    }

    /// <summary>Copies all, but of the values in a table only references.</summary>
    private void WriteEntries(HeapObject of, Span<byte> into, int from, long end, int step, int value)
    {
        Copy(of, into, of.Size);
        for (long at = from + value; at + 8 <= Math.Min(end, of.Size); at += step) CopyValues(of, into, (int)at, at + 8);
    }

    /// <summary>Three numbers, the first entry of each bucket, then keys, values and the next entry of the bucket.</summary>
    private void WriteOrderedTable(HeapObject of, Span<byte> into)
    {
        Copy(of, into, of.Size);
        int entry = of.Traits.Name == "ORDERED_HASH_SET" ? 2 : 3, buckets = Math.Max(0, of.Smi(V8Layout.ArrayData + 16));
        for (long at = V8Layout.ArrayData + 24 + (8L * buckets); at + (8 * entry) <= of.Size; at += 8 * entry)
            CopyValues(of, into, (int)at, at + (8 * (entry - 1)));
    }

    /// <summary>
    /// Of machine code nothing stays but the addresses of objects in it, which are anywhere among its bytes. What is between them
    /// can be no part of an address.
    /// </summary>
    private void WriteInstructions(HeapObject code, Span<byte> into)
    {
        (int from, int end) = References.Range(code, _layout);
        into.Fill(Breakpoint);
        Copy(code, into, _layout.Version <= 1002 ? Math.Min(CodeHeader, code.Size) : Math.Max(from, end));
        ReadOnlySpan<byte> bytes = code.Bytes(0, code.Size);
        for (int at = 8; at + 8 <= bytes.Length; at++)
        {
            ulong word = MemoryMarshal.Read<ulong>(bytes[at..]);
            if ((word & 7) == 1 && word >> 47 == 0 && _heap.IndexOf(word) >= 0) bytes.Slice(at, 8).CopyTo(into[at..]);
        }
    }

    private static void Copy(HeapObject of, Span<byte> into, long bytes) => of.Bytes(0, bytes).CopyTo(into);

    /// <summary>References to objects, and what is no value: small marks.</summary>
    private void CopyReferences(HeapObject of, Span<byte> into, int from, long end)
    {
        for (int at = from; at + 8 <= end; at += 8)
        {
            if (of[at] is var word && (word < Mark || IsReference(word))) MemoryMarshal.Write(into[at..], word);
        }
    }

    /// <summary>Of values of a program only references stay; small integers become 0.</summary>
    private void CopyValues(HeapObject of, Span<byte> into, int from, long end)
    {
        for (int at = from; at + 8 <= end; at += 8) MemoryMarshal.Write(into[at..], IsReference(of[at]) ? of[at] : 0);
    }

    /// <summary>Fields of objects of V8's own and of C++: references, addresses, numbers that are small.</summary>
    private void CopyFields(HeapObject of, Span<byte> into, int from, long end)
    {
        for (int at = from; at + 8 <= end; at += 8)
        {
            ulong word = of[at];
            if ((uint)word == 0 || word <= uint.MaxValue || IsReference(word) || _known.Contains(word)) MemoryMarshal.Write(into[at..], word);
        }
    }
}

using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Where in a function's source its bytecode comes from.</summary>
internal sealed class BytecodePositions(V8Heap heap)
{
    private readonly V8Layout _layout = heap.Layout;

    /// <summary>The bytecode of a function, which is its data or behind it: what debugging or baseline code has put there.</summary>
    public HeapObject? Of(HeapObject shared)
    {
        if (!heap.TryFollow(shared, _layout.SharedFunctionData, out HeapObject data)) return null;
        return data.Kind == ObjectKind.BytecodeArray ? data : Behind(data);
    }

    /// <summary>The bytecode that an object holds: a wrapper around it, or code made of it.</summary>
    public HeapObject? Behind(HeapObject holder)
    {
        for (int at = V8Layout.Word; at < Math.Min(holder.Size, 64); at += V8Layout.Word)
        {
            if (heap.TryFollow(holder, at, out HeapObject behind) && behind.Kind == ObjectKind.BytecodeArray) return behind;
        }

        return null;
    }

    /// <summary>Characters from the source's start to what a bytecode does; -1 where that is not known.</summary>
    public int Find(HeapObject? bytecode, int offset) =>
        offset < 0 || bytecode is not { } of ? -1 : SourcePositions.Find(Table(of, _layout.BytecodePositions), offset, _layout.Version)?.Offset ?? -1;

    /// <summary>The bytecode that a place in baseline code is made of; -1 where that cannot be told.</summary>
    public int OfBaseline(HeapObject code, HeapObject bytecode, long offset)
    {
        ReadOnlySpan<byte> bytes = bytecode.Bytes(_layout.BytecodeHeader, Math.Max(0, bytecode.Int32(12)));
        return BaselineOffsets.Find(Table(code, _layout.CodePositions), bytes, heap.Table.BytecodeSizes, offset);
    }

    /// <summary>The bytes of an array of bytes that a field leads to.</summary>
    public ReadOnlySpan<byte> Table(HeapObject owner, int field) =>
        heap.TryFollow(owner, field, out HeapObject table) && table.Traits.Body == ObjectBody.Bytes ? table.Bytes(V8Layout.ArrayData, Math.Max(0, table.Int32(12))) : [];
}

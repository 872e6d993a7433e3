namespace Holdfast.Sources.CoreDump.V8;

/// <summary>The named properties that an object has itself, wherever V8 keeps them.</summary>
internal sealed class PropertyReader
{
    /// <summary>Above the kind, the attributes and the type of cell in a property's details.</summary>
    private const int OrderShift = 8;

    private readonly V8Heap _heap;
    private readonly V8Layout _layout;
    private readonly int _locationShift;
    private readonly int _indexShift;
    private readonly uint _indexMask;
    private readonly int _field;

    public PropertyReader(V8Heap heap)
    {
        _heap = heap;
        _layout = heap.Layout;
        _locationShift = _layout.Offset("prop_location_shift", 1);
        _field = _layout.Offset("prop_location_Field", 0);
        _indexShift = _layout.Offset("prop_index_shift", 19);
        _indexMask = (uint)_layout.Offset("prop_index_mask", 0x1FF80000);
    }

    /// <summary>Gives each property to the visitor, in the order of V8's own list.</summary>
    public void Visit<TVisitor>(HeapObject owner, ref TVisitor visitor)
        where TVisitor : struct, IPropertyVisitor
    {
        if (!owner.Map.IsDictionaryMap)
        {
            _heap.CountShared(owner.Map.OwnDescriptors);
            VisitFast(owner, ref visitor);
            return;
        }

        if (!_heap.TryFollow(owner, V8Layout.Properties, out HeapObject table)) return;
        _heap.CountShared(table.Words);
        switch (table.Kind)
        {
            case ObjectKind.NameDictionary:
                VisitDictionary(table, ref visitor);
                break;
            case ObjectKind.GlobalDictionary:
                VisitGlobal(table, ref visitor);
                break;
            case ObjectKind.SwissNameDictionary:
                VisitSwiss(table, ref visitor);
                break;
        }
    }

    /// <summary>As <see cref="Visit"/>, in the order the program added them, which dictionaries keep beside the values.</summary>
    public void VisitInOrder<TVisitor>(HeapObject owner, ref TVisitor visitor)
        where TVisitor : struct, IPropertyVisitor
    {
        if (!owner.Map.IsDictionaryMap || !_heap.TryFollow(owner, V8Layout.Properties, out HeapObject table) || table.Kind != ObjectKind.NameDictionary)
        {
            Visit(owner, ref visitor);
            return;
        }

        _heap.CountShared(table.Words);
        var entries = new List<(int Order, int At)>();
        for (int at = FirstPair(); at + 24 <= table.Size; at += 24)
        {
            if (IsName(table[at])) entries.Add((table.Smi(at + 16) >> OrderShift, at));
        }

        entries.Sort();
        foreach ((_, int at) in entries)
        {
            if (!visitor.Visit(table[at], table[at + 8], (table[at + 16] >> 32 & 1) != 0, -1)) return;
        }
    }

    private int FirstPair() => V8Layout.ArrayData + (8 * _layout.DictionaryPrefix);

    private void VisitFast<TVisitor>(HeapObject owner, ref TVisitor visitor)
        where TVisitor : struct, IPropertyVisitor
    {
        int index = _heap.IndexOf(owner.Map.Descriptors);
        if (index < 0) return;
        HeapObject descriptors = _heap[index];
        HeapObject properties = default;
        bool hasProperties = false, looked = false;
        int inObject = owner.Map.InObjectProperties, start = owner.Map.InObjectStart;
        for (int i = 0, at = _layout.DescriptorsHeader; i < owner.Map.OwnDescriptors && at + 24 <= descriptors.Size; i++, at += 24)
        {
            uint details = (uint)(descriptors[at + 8] >> 32);
            ulong key = descriptors[at];
            bool isAccessor = (details & 1) != 0;
            if ((details >> _locationShift & 1) != _field)
            {
                if (!visitor.Visit(key, descriptors[at + 16], isAccessor, -1)) return;
                continue;
            }

            int field = (int)((details & _indexMask) >> _indexShift);
            if (field < inObject)
            {
                int offset = 8 * (start + field);
                if (!visitor.Visit(key, owner[offset], isAccessor, offset)) return;
                continue;
            }

            if (!looked)
            {
                looked = true;
                hasProperties = _heap.TryFollow(owner, V8Layout.Properties, out properties) && properties.Kind == ObjectKind.PropertyArray;
            }

            if (hasProperties && !visitor.Visit(key, properties[V8Layout.ArrayData + (8 * (field - inObject))], isAccessor, -1)) return;
        }
    }

    private void VisitDictionary<TVisitor>(HeapObject table, ref TVisitor visitor)
        where TVisitor : struct, IPropertyVisitor
    {
        for (int at = FirstPair(); at + 24 <= table.Size; at += 24)
        {
            if (IsName(table[at]) && !visitor.Visit(table[at], table[at + 8], (table[at + 16] >> 32 & 1) != 0, -1)) return;
        }
    }

    private void VisitGlobal<TVisitor>(HeapObject table, ref TVisitor visitor)
        where TVisitor : struct, IPropertyVisitor
    {
        for (int at = V8Layout.ArrayData + (8 * V8Layout.GlobalDictionaryPrefix); at + 8 <= table.Size; at += 8)
        {
            if (!_heap.TryFollow(table, at, out HeapObject cell) || cell.Kind != ObjectKind.PropertyCell) continue;
            if (!visitor.Visit(cell[8], cell[24], (cell[16] >> 32 & 1) != 0, -1)) return;
        }
    }

    /// <summary>Pairs after three words; details are bytes behind the control bytes.</summary>
    private void VisitSwiss<TVisitor>(HeapObject table, ref TVisitor visitor)
        where TVisitor : struct, IPropertyVisitor
    {
        int capacity = Math.Max(0, table.Int32(12)), data = 24;
        int details = data + (16 * capacity) + capacity + 16;
        for (int i = 0; i < capacity && data + (16 * i) + 16 <= table.Size; i++)
        {
            ulong key = table[data + (16 * i)];
            ReadOnlySpan<byte> detail = table.Bytes(details + i, 1);
            if (IsName(key) && !visitor.Visit(key, table[data + (16 * i) + 8], !detail.IsEmpty && (detail[0] & 1) != 0, -1)) return;
        }
    }

    private bool IsName(ulong reference) =>
        _heap.IndexOf(reference) is >= 0 and var index && _heap.KindOf(index) is ObjectKind.String or ObjectKind.Symbol;
}

/// <summary>What is done with each property.</summary>
internal interface IPropertyVisitor
{
    /// <param name="key">Reference to the property's name.</param>
    /// <param name="value">The value, or the accessor pair.</param>
    /// <param name="isAccessor">Whether it is an accessor.</param>
    /// <param name="offset">The field of the object it is in, or -1 where it is elsewhere.</param>
    /// <returns>Whether to go on.</returns>
    bool Visit(ulong key, ulong value, bool isAccessor, int offset);
}

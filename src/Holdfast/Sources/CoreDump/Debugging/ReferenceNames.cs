using System.Globalization;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// What places in memory are to a program: a property, an element, an entry, a variable. Arrays, dictionaries and tables are V8's: who they
/// belong to is looked up, all at once.
/// </summary>
internal sealed class ReferenceNames(CoreSession core, Work work)
{
    private readonly V8Heap _heap = core.Heap;
    private readonly ValueReader _values = new(core, new ValueOptions(0, 0, 60));

    public List<FoundReference> Of(List<(int Object, int Offset)> places)
    {
        Dictionary<int, List<int>> owners = OwnersOf([.. places.Select(p => p.Object).Where(IsStore).Distinct()]);
        var found = new List<FoundReference>();
        foreach ((int index, int offset) in places)
        {
            HeapObject at = _heap[index];
            ulong word = at[offset];
            if (owners.TryGetValue(index, out List<int>? holders))
            {
                foreach (int holder in holders) Add(found, _heap[holder], InStore(_heap[holder], at, offset), word);
            }
            else
            {
                Add(found, at, Inside(at, offset, word), word);
            }
        }

        return found;
    }

    public string Show(HeapObject owner)
    {
        string text = _values.Read(owner, 0).Text;
        if (owner.Kind != ObjectKind.Context || !_heap.TryFollow(owner, V8Layout.ArrayData, out HeapObject scope) || scope.Kind != ObjectKind.ScopeInfo) return text;
        string function = core.Strings.Read(core.Scopes.FunctionName(scope)) ?? core.Strings.Read(core.Scopes.InferredName(scope)) ?? "";
        return function.Length > 0 ? $"scope of {function}" : $"scope ({core.Scopes.Flags(scope).Type.ToLowerInvariant()})";
    }

    private void Add(List<FoundReference> found, HeapObject owner, (string Kind, string Name) place, ulong word)
    {
        bool isDouble = owner.Kind == ObjectKind.Array && place.Kind == "element" && (word & 1) == 0;
        Value value = isDouble && (uint)word != 0 ? PrimitiveReader.Number(BitConverter.UInt64BitsToDouble(word), null) : _values.Read(word, 0);
        found.Add(new FoundReference(owner.Address, Show(owner), place.Kind, place.Name, value.Text) { Target = value.Id, IsWeak = (word & 3) == 3 || owner.Kind is ObjectKind.WeakRef or ObjectKind.WeakCollection });
    }

    /// <summary>What holds values for another object.</summary>
    private bool IsStore(int index) => _heap.KindOf(index) is ObjectKind.FixedArray or ObjectKind.FixedDoubleArray or ObjectKind.PropertyArray or ObjectKind.NameDictionary
        or ObjectKind.NumberDictionary or ObjectKind.GlobalDictionary or ObjectKind.SwissNameDictionary or ObjectKind.OrderedHashTable or ObjectKind.EphemeronHashTable
        or ObjectKind.PropertyCell or ObjectKind.SloppyArgumentsElements;

    private Dictionary<int, List<int>> OwnersOf(int[] stores)
    {
        var owners = new Dictionary<int, List<int>>();
        if (stores.Length == 0) return owners;
        foreach ((int index, int offset) in WordSearch.Find(core, [.. stores.Select(s => _heap[s].Address)], work))
        {
            if (!_heap.MapOf(index).Traits.IsReceiver || _heap.IndexOf(_heap[index][offset]) is not (>= 0 and var store)) continue;
            if (!owners.TryGetValue(store, out List<int>? holders)) owners[store] = holders = [];
            holders.Add(index);
        }

        return owners;
    }

    private (string Kind, string Name) InStore(HeapObject owner, HeapObject store, int offset)
    {
        int word = (offset - V8Layout.ArrayData) / 8;
        switch (store.Kind)
        {
            case ObjectKind.FixedArray or ObjectKind.FixedDoubleArray when _heap.IndexOf(owner[V8Layout.Elements]) == store.Index:
                return ("element", word.ToString(CultureInfo.InvariantCulture));
            case ObjectKind.FixedArray when owner.Kind == ObjectKind.Generator:
                return ("variable", string.Create(CultureInfo.InvariantCulture, $"register {word}"));
            case ObjectKind.NumberDictionary:
                int first = V8Layout.ArrayData + 32;
                return ("element", _values.Read(store[offset - ((offset - first) % 24)], 0).Text);
            case ObjectKind.OrderedHashTable:
                return InTable(owner, store, offset);
            case ObjectKind.EphemeronHashTable:
                bool isKey = (offset - V8Layout.ArrayData - 24) % 16 == 0;
                return ("entry", isKey ? "[[key]]" : _values.Read(store[offset - 8], 0).Text);
            case ObjectKind.PropertyArray or ObjectKind.NameDictionary or ObjectKind.SwissNameDictionary or ObjectKind.GlobalDictionary:
                return PropertyOf(owner, store[offset], -1) is { } name ? ("property", name) : ("internal", "(property store)");
            default:
                return ("internal", store.Traits.ClassName);
        }
    }

    private (string Kind, string Name) InTable(HeapObject owner, HeapObject table, int offset)
    {
        int buckets = Math.Max(0, table.Smi(32)), first = V8Layout.ArrayData + 24 + (8 * buckets);
        int width = owner.Traits.Name.Contains("MAP", StringComparison.Ordinal) ? 24 : 16;
        if (offset < first) return ("internal", "(table)");
        return ((offset - first) % width) switch
        {
            0 => ("entry", "[[key]]"),
            8 when width == 24 => ("entry", _values.Read(table[offset - 8], 0).Text),
            _ => ("internal", "(table)"),
        };
    }

    private (string Kind, string Name) Inside(HeapObject at, int offset, ulong word)
    {
        if (at.Kind == ObjectKind.Context) return InContext(at, offset);
        if (at.Kind == ObjectKind.PropertyCell && offset == 24) return ("property", core.KeyName(at[8]));
        if (!at.Traits.IsJSObject) return ("internal", Slot(offset));
        if (PropertyOf(at, word, offset) is { } name) return ("property", name);
        return ("internal", offset switch
        {
            V8Layout.Properties => "(properties)",
            V8Layout.Elements => "(elements)",
            _ => InternalField(at, offset) ?? Slot(offset),
        });
    }

    /// <summary>A field that the program's native part has in its objects, as <c>inspect</c> numbers them.</summary>
    private string? InternalField(HeapObject of, int offset)
    {
        int first = core.Heap.Layout.EmbedderFields(of);
        return first >= 0 && offset >= first && offset < of.Map.InObjectStart * V8Layout.Word ? string.Create(CultureInfo.InvariantCulture, $"[[InternalField {(offset - first) / V8Layout.Word}]]") : null;
    }

    private static string Slot(int offset) => string.Create(CultureInfo.InvariantCulture, $"slot at {offset}");

    private (string Kind, string Name) InContext(HeapObject context, int offset)
    {
        if (!_heap.TryFollow(context, V8Layout.ArrayData, out HeapObject scope) || scope.Kind != ObjectKind.ScopeInfo) return ("internal", Slot(offset));
        int slot = (offset - V8Layout.ArrayData) / 8;
        foreach (ScopeVariable variable in core.Scopes.Variables(scope))
        {
            if (variable.Slot == slot) return ("variable", core.Strings.Read(variable.Name) ?? "???");
        }

        return ("internal", slot switch { 0 => "scope_info", 1 => "previous", _ => Slot(offset) });
    }

    private string? PropertyOf(HeapObject owner, ulong word, int offset)
    {
        var finder = new PropertyFinder(core, word, offset);
        core.Properties.Visit(owner, ref finder);
        return finder.Name;
    }

    private struct PropertyFinder(CoreSession core, ulong word, int wanted) : IPropertyVisitor
    {
        public string? Name { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (wanted >= 0 ? offset != wanted : value != word) return true;
            Name = core.KeyName(key);
            return false;
        }
    }
}

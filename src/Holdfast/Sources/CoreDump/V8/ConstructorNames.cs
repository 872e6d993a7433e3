namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// The name of the class of each object, by V8's rules: the map's constructor, else what the prototype chain says
/// (<c>Symbol.toStringTag</c>, <c>constructor</c>), else the kind of object. Source: V8, JSReceiver::GetConstructorHelper and class_name.
/// </summary>
internal sealed class ConstructorNames(V8Heap heap, HeapStrings strings, FunctionNames functions)
{
    private const int PrototypeDescription = 16;

    private readonly PropertyReader _properties = new(heap);
    private readonly Dictionary<int, Found> _byMap = [];
    private readonly Dictionary<int, Found> _byPrototype = [];
    private readonly Dictionary<int, int> _constructors = [];
    private readonly List<int> _passed = [];
    private readonly Dictionary<int, string?> _ownNames = [];
    private readonly Dictionary<int, (string? Tag, int Constructor)> _own = [];

    /// <summary>The name of an object's class.</summary>
    public string Of(HeapObject receiver) => Find(receiver).Name;

    /// <summary>The function that is an object's class, by its index; -1 where the name came from elsewhere.</summary>
    public int FunctionOf(HeapObject receiver) => Find(receiver).Function;

    private Found Find(HeapObject receiver)
    {
        MapInfo map = receiver.Map;
        if (!_byMap.TryGetValue(map.Number, out Found found))
        {
            found = map.NewTargetIsBase && !map.IsPrototypeMap ? FromConstructor(map) : default;
            bool isOfMap = found.Name is not null || !CanHaveOwnTag(receiver);
            if (found.Name is null) found = FromChain(receiver);
            if (found.Name is null) found = new Found(KindName(receiver), -1);

            // What the chain above says is the same for all objects of a map, unless an object has a tag of its own.
            if (isOfMap) _byMap[map.Number] = found;
        }

        return found;
    }

    /// <summary>The function, template or other object at the end of a map's back pointers; -1 where there is none.</summary>
    public int ConstructorOf(MapInfo map)
    {
        int index = heap.IndexOf(map.ConstructorOrBackPointer);
        _passed.Clear();
        while (heap.KindOf(index) is ObjectKind.Map or ObjectKind.Tuple2)
        {
            if (_constructors.TryGetValue(index, out int known))
            {
                index = known;
                break;
            }

            // Where pointers lead in a circle, this is what they lead to.
            _constructors[index] = -1;
            _passed.Add(index);
            HeapObject found = heap[index];
            index = heap.IndexOf(found[found.Kind == ObjectKind.Map ? V8Layout.MapConstructor : 8]);
        }

        foreach (int passed in _passed) _constructors[passed] = index;
        return index;
    }

    private Found FromConstructor(MapInfo map)
    {
        int index = ConstructorOf(map);
        if (index < 0) return default;
        HeapObject constructor = heap[index];
        if (constructor.Kind == ObjectKind.FunctionTemplateInfo) return new Found(TemplateName(constructor)!, -1);
        if (constructor.Kind != ObjectKind.Function) return default;
        string? name = heap.Layout.Version >= 1406 ? OwnName(constructor) : null;
        return new Found((name is null ? UsefulName(constructor) : Useful(name))!, index);
    }

    private string? UsefulName(HeapObject function) =>
        functions.TryShared(function, out HeapObject shared) ? Useful(functions.DebugName(shared)) : null;

    private static string? Useful(string name) => name is { Length: > 0 } && name != "Object" ? name : null;

    /// <summary>The function's <c>name</c> property, where the program has set it.</summary>
    private string? OwnName(HeapObject function)
    {
        if (!_ownNames.TryGetValue(function.Index, out string? name))
        {
            var finder = new NameFinder(this);
            _properties.Visit(function, ref finder);
            _ownNames[function.Index] = name = finder.Name;
        }

        return name;
    }

    private struct NameFinder(ConstructorNames names) : IPropertyVisitor
    {
        public string? Name { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (isAccessor || names.ReadString(key, 5) != "name") return true;
            Name = names.ReadString(value);
            return false;
        }
    }

    private Found FromChain(HeapObject receiver)
    {
        if (receiver.Traits.IsJSObject && Own(receiver).Tag is { } tag) return new Found(tag, -1);
        return FromPrototypes(heap.IndexOf(receiver.Map.Prototype));
    }

    /// <summary>What a prototype and those above it say: each is asked once, however many objects are below it.</summary>
    private Found FromPrototypes(int index)
    {
        Found found = default;
        _passed.Clear();
        for (; index >= 0 && heap.MapOf(index).Traits.IsReceiver; index = heap.IndexOf(heap.MapOf(index).Prototype))
        {
            if (_byPrototype.TryGetValue(index, out found)) break;

            // Where the chain leads in a circle, it says nothing.
            _byPrototype[index] = default;
            _passed.Add(index);
            found = FromPrototype(heap[index]);
            if (found.Name is not null) break;
        }

        foreach (int passed in _passed) _byPrototype[passed] = found;
        return found;
    }

    private Found FromPrototype(HeapObject prototype)
    {
        if (!prototype.Traits.IsJSObject) return default;
        (string? tag, int constructor) = Own(prototype);
        if (tag is not null) return new Found(tag, -1);
        return constructor >= 0 && UsefulName(heap[constructor]) is { } name ? new Found(name, constructor) : default;
    }

    /// <summary>Whether objects of one map may differ in what their own properties say of their class.</summary>
    private bool CanHaveOwnTag(HeapObject receiver)
    {
        if (receiver.Map.IsDictionaryMap) return true;
        var finder = new TagFinder(this);
        _properties.Visit(receiver, ref finder);
        return finder.HasTag;
    }

    private (string? Tag, int Constructor) Own(HeapObject receiver)
    {
        if (_own.TryGetValue(receiver.Index, out (string? Tag, int Constructor) known)) return known;
        var finder = new TagFinder(this);
        _properties.Visit(receiver, ref finder);
        known = (finder.Tag, finder.Constructor);

        // Objects asked about over and over are prototypes.
        if (receiver.Map.IsPrototypeMap) _own[receiver.Index] = known;
        return known;
    }

    private string KindName(HeapObject receiver)
    {
        switch (receiver.Kind)
        {
            case ObjectKind.Function or ObjectKind.BoundFunction:
                return "Function";
            case ObjectKind.Arguments:
                return "Arguments";
            case ObjectKind.PrimitiveWrapper when WrappedName(receiver) is { } wrapped:
                return wrapped;
        }

        int index = ConstructorOf(receiver.Map);
        if (index < 0) return "Object";
        HeapObject constructor = heap[index];
        string? name = null;
        if (constructor.Kind == ObjectKind.FunctionTemplateInfo)
        {
            name = TemplateName(constructor);
        }
        else if (constructor.Kind == ObjectKind.Function && functions.TryShared(constructor, out HeapObject shared))
        {
            if (heap.TryFollow(shared, heap.Layout.SharedFunctionData, out HeapObject data) && data.Kind == ObjectKind.FunctionTemplateInfo)
                name = TemplateName(data);
            else if (heap.TryFollow(shared, 16, out HeapObject untrusted) && untrusted.Kind == ObjectKind.FunctionTemplateInfo)
                name = TemplateName(untrusted);
        }

        return name ?? ByType(receiver);
    }

    /// <summary>The class of a primitive value that is wrapped in an object.</summary>
    private string? WrappedName(HeapObject wrapper)
    {
        ulong value = wrapper[V8Layout.ObjectHeader];
        if ((value & 1) == 0) return "Number";
        return heap.KindOf(heap.IndexOf(value)) switch
        {
            ObjectKind.String => "String",
            ObjectKind.HeapNumber => "Number",
            ObjectKind.Oddball => "Boolean",
            ObjectKind.BigInt => "BigInt",
            ObjectKind.Symbol => "Symbol",
            _ => null,
        };
    }

    private string ByType(HeapObject receiver) => receiver.Kind switch
    {
        ObjectKind.Array => "Array",
        ObjectKind.Date => "Date",
        ObjectKind.Generator => "Generator",
        ObjectKind.RegExp => "RegExp",
        ObjectKind.Collection => receiver.Traits.Name == "JS_MAP" ? "Map" : "Set",
        ObjectKind.WeakCollection => receiver.Traits.Name == "JS_WEAK_MAP" ? "WeakMap" : "WeakSet",
        ObjectKind.GlobalProxy when heap.Layout.Version < 1406 => "global",
        _ => "Object",
    };

    private string? TemplateName(HeapObject template) => strings.Read(template[heap.Layout.TemplateClassName]);

    /// <summary>Looks for the two properties that say an object's class.</summary>
    private struct TagFinder(ConstructorNames names) : IPropertyVisitor
    {
        public string? Tag { get; private set; }

        public int Constructor { get; private set; } = -1;

        public bool HasTag { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            int index = names.KeyIndex(key);
            if (index < 0) return true;
            if (names.IsTagKey(index))
            {
                HasTag = true;
                if (!isAccessor) Tag = names.ReadString(value);
            }
            else if (!isAccessor && names.IsConstructorKey(index))
            {
                Constructor = names.FunctionIndex(value);
            }

            return true;
        }
    }

    private int _tagKey = -1;
    private int _constructorKey = -1;

    private int KeyIndex(ulong key) => heap.IndexOf(key);

    private string? ReadString(ulong reference, int most = Common.Limits.MaxNameCharacters) => strings.Read(reference, most);

    private int FunctionIndex(ulong reference) =>
        heap.IndexOf(reference) is >= 0 and var index && heap.KindOf(index) == ObjectKind.Function ? index : -1;

    /// <summary>Keys are unique: once found, comparing them is comparing indexes.</summary>
    private bool IsTagKey(int index)
    {
        if (index == _tagKey) return true;
        if (_tagKey >= 0 || heap.KindOf(index) != ObjectKind.Symbol) return false;
        if (strings.Read(heap[index][PrototypeDescription], 32) != "Symbol.toStringTag") return false;
        _tagKey = index;
        return true;
    }

    private bool IsConstructorKey(int index)
    {
        if (index == _constructorKey) return true;
        if (_constructorKey >= 0 || heap.KindOf(index) != ObjectKind.String) return false;
        HeapObject key = heap[index];
        if (HeapStrings.Length(key) != 11 || strings.Read(key, 16) != "constructor") return false;
        _constructorKey = index;
        return true;
    }

    /// <summary>A name, null where none was found, and the function it is of.</summary>
    private readonly record struct Found(string Name, int Function);
}

using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// The JavaScript objects of a core by constructor, and by shape. The prototype of a class is not one of its instances. No graph is made for
/// it: this is the quick look.
/// </summary>
internal sealed class ObjectCensus
{
    private const int MostNames = 1000;

    private readonly CoreSession _core;
    private readonly V8Heap _heap;
    private readonly Dictionary<string, int> _byName = [];
    private readonly List<string> _names = [];
    private readonly List<(long Count, long Bytes, int Example)> _totals = [];
    private readonly int[] _classOfObject;

    private ObjectCensus(CoreSession core)
    {
        _core = core;
        _heap = core.Heap;
        _classOfObject = new int[_heap.Count];
    }

    /// <summary>Objects counted.</summary>
    public long Count => _totals.Sum(t => t.Count);

    public long Bytes => _totals.Sum(t => t.Bytes);

    public IReadOnlyList<string> Names => _names;

    public static ObjectCensus Run(CoreSession core, Work work)
    {
        var census = new ObjectCensus(core);
        BitColumn counted = core.Counted(work);
        work.Report("counting objects");
        Array.Fill(census._classOfObject, -1);
        foreach (HeapPage page in core.Heap.Pages.All)
        {
            if (page.Heap != core.Isolate.Heap) continue;
            for (int i = page.FirstObject; i < page.EndObject; i++)
            {
                work.ThrowIfCancelled(i);
                if (counted[i] && core.Heap.MapOf(i).Traits.IsReceiver) census.Add(i);
            }
        }

        return census;
    }

    /// <summary>Constructors, those with most bytes first.</summary>
    public IReadOnlyList<ObjectClass> Classes() =>
    [
        .. _names.Select((name, i) => new ObjectClass(name, _totals[i].Count, _totals[i].Bytes, _heap[_totals[i].Example].Address))
            .OrderByDescending(c => c.ShallowSize).ThenBy(c => c.Name, StringComparer.Ordinal),
    ];

    /// <summary>Shapes: objects of one constructor with the same properties; those with most objects first.</summary>
    public IReadOnlyList<ObjectShape> Shapes(Work work)
    {
        var shapes = new Dictionary<(int Class, string Names), (long Count, long Bytes, int Example, string[] Names, long Least, long Most)>();
        var namesOfMap = new Dictionary<int, (string Key, string[] Names)>();
        var fields = new Values.ObjectFields(_core);
        for (int i = 0; i < _classOfObject.Length; i++)
        {
            work.ThrowIfCancelled(i);
            if (_classOfObject[i] < 0) continue;
            HeapObject of = _heap[i];
            if (!namesOfMap.TryGetValue(of.Map.Number, out (string Key, string[] Names) names))
            {
                string[] read = of.Map.IsDictionaryMap ? ["(dictionary)"] : [.. NamesOf(of)];
                namesOfMap[of.Map.Number] = names = (string.Join('\n', read), read);
            }

            long length = LengthOf(of, fields);
            bool isKnown = shapes.TryGetValue((_classOfObject[i], names.Key), out var shape);
            if (!isKnown) shape = (0, 0, i, names.Names, long.MaxValue, -1);
            if (length >= 0) (shape.Least, shape.Most) = (Math.Min(shape.Least, length), Math.Max(shape.Most, length));
            shapes[(_classOfObject[i], names.Key)] = shape with { Count = shape.Count + 1, Bytes = shape.Bytes + of.Size };
        }

        return
        [
            .. shapes.Select(s => new ObjectShape(_names[s.Key.Class], s.Value.Count, s.Value.Bytes, s.Value.Names, _heap[s.Value.Example].Address)
                {
                    LeastLength = s.Value.Most < 0 ? null : s.Value.Least,
                    MostLength = s.Value.Most < 0 ? null : s.Value.Most,
                })
                .OrderByDescending(s => s.Count).ThenByDescending(s => s.ShallowSize).ThenBy(s => s.Constructor, StringComparer.Ordinal),
        ];
    }

    /// <summary>Indexes of the objects whose constructor is wanted, in the order of their addresses.</summary>
    public IEnumerable<int> InstancesOf(Predicate<string> isWanted)
    {
        bool[] wanted = [.. _names.Select(name => isWanted(name))];
        for (int i = 0; i < _classOfObject.Length; i++)
        {
            if (_classOfObject[i] >= 0 && wanted[_classOfObject[i]]) yield return i;
        }
    }

    private void Add(int index)
    {
        HeapObject of = _heap[index];
        if (of.Map.IsPrototypeMap && IsPrototype(of)) return;
        string name = of.Kind == ObjectKind.Proxy ? "Proxy" : _core.Classes.Of(of);
        if (!_byName.TryGetValue(name, out int number))
        {
            _byName[name] = number = _names.Count;
            _names.Add(name);
            _totals.Add((0, 0, index));
        }

        _classOfObject[index] = number;
        (long count, long bytes, int example) = _totals[number];
        _totals[number] = (count + 1, bytes + of.Size, example);
    }

    /// <summary>Whether a function has this as its <c>prototype</c>: the one that its <c>constructor</c> says.</summary>
    private bool IsPrototype(HeapObject of)
    {
        var finder = new ConstructorFinder(_core);
        _core.Properties.Visit(of, ref finder);
        int index = _heap.IndexOf(finder.Found);
        return _heap.KindOf(index) == ObjectKind.Function && _heap.IndexOf(_core.Functions.Prototype(_heap[index])) == of.Index;
    }

    private List<string> NamesOf(HeapObject of)
    {
        var collector = new NameCollector(_core, MostNames);
        _core.Properties.Visit(of, ref collector);
        return collector.Names;
    }

    private static long LengthOf(HeapObject of, Values.ObjectFields fields) => of.Kind switch
    {
        ObjectKind.Array => fields.ArrayLength(of),
        ObjectKind.Collection => fields.CollectionSize(of),
        ObjectKind.TypedArray => fields.View(of).Length,
        ObjectKind.ArrayBuffer => fields.BufferBytes(of),
        _ => -1,
    };

    private struct ConstructorFinder(CoreSession core) : IPropertyVisitor
    {
        public ulong Found { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (isAccessor || core.Strings.Read(key, 12) != "constructor") return true;
            Found = value;
            return false;
        }
    }

    private readonly struct NameCollector(CoreSession core, int most) : IPropertyVisitor
    {
        public List<string> Names { get; } = [];

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            Names.Add(core.KeyName(key));
            return Names.Count < most;
        }
    }
}

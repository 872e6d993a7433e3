using System.Globalization;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>V8's own objects: their fields by what is known of them, else word by word.</summary>
internal sealed class InternalParts(CoreSession core, ValueReader values, ValueOptions options)
{
    private readonly V8Heap _heap = core.Heap;

    public List<ValueGroup> Of(HeapObject of, int depth)
    {
        switch (of.Kind)
        {
            case ObjectKind.Context:
                return new FunctionParts(core, values, options).Scopes(of, depth);
            case ObjectKind.Map when _heap.FindMap(of.Address) is { } map:
                return [Describe(map)];
            case ObjectKind.Script:
                return [new ValueGroup("fields", 2, [new ValueItem("name", values.Read(of[16], 0)), new ValueItem("source", values.Read(of[8], 0))])];
            case ObjectKind.SharedFunctionInfo:
                string name = core.Functions.DebugName(of);
                return [new ValueGroup("fields", 2, [new ValueItem("name", new Value("string", PrimitiveReader.Quote(name, name.Length, 200)) { Content = name }), new ValueItem("script", values.Read(of[_heap.Layout.SharedScript], 0))])];
            default:
                return Words(of, depth);
        }
    }

    /// <summary>The hidden class of an object.</summary>
    public ValueGroup MapOf(HeapObject of) => Describe(of.Map) with { Name = "map" };

    private ValueGroup Describe(MapInfo map)
    {
        Value Text(string text) => new("string", text) { Content = text };
        Value Number(long number) => PrimitiveReader.Number(number, null);
        var items = new List<ValueItem>
        {
            new("address", Text($"0x{map.Address:x}")),
            new("instance type", Text(map.Traits.Name)),
            new("instance size", Number(map.InstanceSize)),
            new("properties inside the object", Number(map.InObjectProperties)),
            new("own properties", Number(map.OwnDescriptors)),
            new("elements kind", Number(map.ElementsKind)),
            new("is dictionary", Text(map.IsDictionaryMap ? "true" : "false")),
            new("prototype", values.Read(map.Prototype, 0)),
            new("constructor", core.Classes.ConstructorOf(map) is >= 0 and var index ? values.Read(_heap[index].Address, 0) : Text("none")),
            new("descriptors", values.Read(map.Descriptors, 0)),
        };
        return new ValueGroup("fields", items.Count, items);
    }

    private List<ValueGroup> Words(HeapObject of, int depth)
    {
        (int from, int end) = References.Range(of, _heap.Layout);
        if (of.Traits.Body is ObjectBody.Array or ObjectBody.PropertyArray) from = V8Layout.ArrayData;
        var items = new List<ValueItem>();
        long count = Math.Max(0, (end - from) / 8);
        for (int at = from; at + 8 <= end && items.Count < options.Items; at += 8)
            items.Add(new ValueItem(((at - from) / 8).ToString(CultureInfo.InvariantCulture), values.Read(of[at], depth)));
        return count == 0 ? [] : [new ValueGroup(of.Traits.Body is ObjectBody.Array or ObjectBody.PropertyArray ? "elements" : "fields", count, items)];
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Tests.Fixtures;

/// <summary>Strings, arrays and objects.</summary>
internal sealed partial class HeapCoreBuilder
{
    private const int StringHeader = 8;

    public ulong String(string text, bool isInternalized = false) =>
        NewBytes(MapOf(isInternalized ? "INTERNALIZED_ONE_BYTE_STRING" : "SEQ_ONE_BYTE_STRING"), StringBody(text.Length, Encoding.Latin1.GetBytes(text)));

    public ulong TwoByte(string text) => NewBytes(MapOf("SEQ_TWO_BYTE_STRING"), StringBody(text.Length, MemoryMarshal.AsBytes(text.AsSpan())));

    public ulong Cons(ulong first, ulong second, int length, bool isOneByte = true) =>
        New(MapOf(isOneByte ? "CONS_ONE_BYTE_STRING" : "CONS_TWO_BYTE_STRING"), Smi(length), first, second);

    public ulong Slice(ulong parent, int start, int length, bool isOneByte = true) =>
        New(MapOf(isOneByte ? "SLICED_ONE_BYTE_STRING" : "SLICED_TWO_BYTE_STRING"), Smi(length), parent, Smi(start));

    public ulong Thin(ulong actual, int length, bool isOneByte = true) =>
        New(MapOf(isOneByte ? "THIN_ONE_BYTE_STRING" : "THIN_TWO_BYTE_STRING"), Smi(length), actual);

    /// <summary>A string whose characters are outside the heap.</summary>
    public ulong External(ulong data, int length, bool isOneByte = true) =>
        New(MapOf(isOneByte ? "EXTERNAL_ONE_BYTE_STRING" : "EXTERNAL_TWO_BYTE_STRING"), Smi(length), data, data);

    /// <summary>One that keeps no pointer to its characters: they are where its resource says.</summary>
    public ulong Uncached(ulong resource, int length) => New(MapOf("UNCACHED_EXTERNAL_ONE_BYTE_STRING"), Smi(length), resource);

    public ulong Symbol(ulong description) => New(MapOf("SYMBOL"), 0, description);

    /// <summary>A list with a length and elements.</summary>
    public ulong Array(params ReadOnlySpan<ulong> elements) => List("FIXED_ARRAY", elements);

    public ulong List(string type, params ReadOnlySpan<ulong> elements)
    {
        ulong made = Allocate(16 + (8 * elements.Length));
        SetField(made, 0, MapOf(type));
        SetField(made, 8, Smi(elements.Length));
        Write(made + 15, elements);
        return made;
    }

    /// <summary>A number that is no small integer.</summary>
    public ulong Number(double value) => New(MapOf("HEAP_NUMBER"), BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Keys and where each property is: inside the object, one word after another.</summary>
    public ulong Descriptors(params ReadOnlySpan<ulong> keys)
    {
        int header = Layout.DescriptorsHeader;
        ulong made = Allocate(header + (24 * keys.Length));
        SetField(made, 0, MapOf("DESCRIPTOR_ARRAY"));
        SetField(made, 8, (ulong)keys.Length * 0x10001);
        int shift = Layout.Offset("prop_index_shift", 19);
        for (int i = 0; i < keys.Length; i++)
        {
            SetField(made, header + (24 * i), keys[i]);
            SetField(made, header + (24 * i) + 8, Smi((i << shift) + FieldLocation()));
        }

        return made;
    }

    /// <summary>An object with properties inside it.</summary>
    public ulong Object(ulong map, params ReadOnlySpan<ulong> values)
    {
        ulong made = Allocate(24 + (8 * values.Length));
        SetField(made, 0, map);
        SetField(made, V8Layout.Properties, Undefined);
        SetField(made, V8Layout.Elements, Undefined);
        Write(made + 23, values);
        return made;
    }

    /// <summary>A map of objects with these properties inside.</summary>
    public ulong ObjectMap(ulong prototype = 0, ulong constructor = 0, params ReadOnlySpan<ulong> keys) =>
        Map("JS_OBJECT", 3 + keys.Length, inObject: 3, prototype, constructor, Descriptors(keys), keys.Length);

    /// <summary>A function with this name.</summary>
    public ulong Function(string name, ulong prototypeOrMap = 0)
    {
        ulong shared = Allocate(8 * WordsOf("SHARED_FUNCTION_INFO"));
        SetField(shared, 0, MapOf("SHARED_FUNCTION_INFO"));
        SetField(shared, Layout.SharedName, String(name, isInternalized: true));
        ulong function = Allocate(8 * WordsOf("JS_FUNCTION"));
        SetField(function, 0, MapOf("JS_FUNCTION"));
        SetField(function, V8Layout.Properties, Undefined);
        SetField(function, V8Layout.Elements, Undefined);
        SetField(function, Layout.FunctionShared, shared);
        SetField(function, Layout.FunctionPrototype, prototypeOrMap);
        return function;
    }

    /// <summary>A WeakMap's table: keys and values by turns.</summary>
    public ulong Ephemerons(params ReadOnlySpan<ulong> keysAndValues) => List("EPHEMERON_HASH_TABLE", [0, 0, 0, .. keysAndValues]);

    /// <summary>Words of objects that are all of one size, 0 for the others.</summary>
    private int WordsOf(string type) => type switch
    {
        "MAP" => 9,
        "ODDBALL" => 6,
        "HEAP_NUMBER" => 2,
        "SYMBOL" => 3,
        "FILLER" => 1,
        "SHARED_FUNCTION_INFO" => 9,
        "JS_FUNCTION" => 9,
        "JS_OBJECT" or "JS_WEAK_MAP" or "JS_WEAK_REF" or "JS_MAP" or "JS_ARRAY" => 4,
        "CELL" or "FEEDBACK_CELL" => 2,
        "PROPERTY_CELL" => 5,
        "ACCESSOR_PAIR" or "TUPLE2" => 3,
        "WEAK_CELL" => 8,
        "SCRIPT" => 18,
        "FUNCTION_TEMPLATE_INFO" or "ALLOCATION_SITE" => 10,
        "PROTOTYPE_INFO" => 8,
        "JS_ARRAY_BUFFER" or "JS_TYPED_ARRAY" or "JS_DATE" or "JS_PROMISE" or "JS_GENERATOR_OBJECT" => 12,
        "JS_BOUND_FUNCTION" or "JS_REG_EXP" => 7,
        "JS_PRIMITIVE_WRAPPER" => 4,
        "JS_FINALIZATION_REGISTRY" or "JS_GLOBAL_OBJECT" or "JS_GLOBAL_PROXY" => 9,
        "CODE" when _version.Number > 1002 => 11,
        "ACCESSOR_INFO" or "CODE_DATA_CONTAINER" => 8,
        "FOREIGN" => 2,
        "JS_PROXY" => 5,
        _ when type.StartsWith("CONS_", StringComparison.Ordinal) || type.StartsWith("SLICED_", StringComparison.Ordinal) => 4,
        _ when type.StartsWith("EXTERNAL_", StringComparison.Ordinal) => 4,
        _ when type.StartsWith("UNCACHED_", StringComparison.Ordinal) || type.StartsWith("THIN_", StringComparison.Ordinal) => 3,
        _ => 0,
    };

    /// <summary>The bit of a property's details that says it is in a field and not in the descriptors.</summary>
    private int FieldLocation() => Layout.Offset("prop_location_Field", 0) << Layout.Offset("prop_location_shift", 1);

    private static byte[] StringBody(int length, ReadOnlySpan<byte> characters)
    {
        var body = new byte[StringHeader + ((characters.Length + 7) & ~7)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), length);
        characters.CopyTo(body.AsSpan(StringHeader));
        return body;
    }
}

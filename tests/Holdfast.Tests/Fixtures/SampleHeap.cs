using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Tests.Fixtures;

/// <summary>A heap with an object or two of every kind that is read in a way of its own, for tests that damage it.</summary>
internal static class SampleHeap
{
    public static HeapCoreBuilder Build(string version)
    {
        var heap = new HeapCoreBuilder(version);
        ulong name = heap.String("name", true), constructor = heap.String("constructor", true), tag = heap.Symbol(heap.String("Symbol.toStringTag", true));
        ulong animal = heap.Function("Animal"), dog = heap.Function("Dog");
        ulong prototype = heap.Object(heap.ObjectMap(0, 0, constructor), animal);
        ulong animalMap = heap.ObjectMap(prototype, animal, name, constructor);
        ulong tagged = heap.Object(heap.ObjectMap(prototype, 0, tag), heap.String("Tagged"));
        ulong first = heap.Object(animalMap, heap.String("Bello"), dog);
        ulong second = heap.Object(heap.ObjectMap(prototype, animalMap, name), heap.Number(1.25));
        ulong dogObject = heap.Object(heap.ObjectMap(prototype, dog, name), first);
        heap.SetField(animal, heap.Layout.FunctionPrototype, animalMap);
        ulong objects = heap.Array(first, second, dogObject, tagged, prototype);
        heap.Keep(heap.Array(objects, Strings(heap), Tables(heap, first, name), Code(heap, animal), Others(heap, first, objects, dog)));
        heap.Keep(first, state: 2);
        Roots(heap, objects);
        return heap;
    }

    private static ulong Strings(HeapCoreBuilder heap)
    {
        ulong data = heap.Memory(0x100), resource = heap.Memory(0x100);
        heap.At(data)[..0x40].Fill((byte)'e');
        heap.Set(resource + 8, data);
        ulong flat = heap.String("a flat string"), wide = heap.TwoByte("π\ud83d\ude00");
        ulong cons = heap.Cons(heap.Cons(flat, flat, 26), wide, 29, isOneByte: false);
        ulong external = heap.External(data, 20), uncached = heap.Uncached(resource, 20);
        ulong thin = heap.Thin(flat, 13), slice = heap.Slice(flat, 2, 4);
        ulong ofCons = heap.Symbol(cons), ofSlice = heap.Symbol(slice);
        ulong keyed = heap.Object(heap.ObjectMap(0, 0, cons, slice, external, thin, ofCons, ofSlice), flat, wide, cons, external, uncached, thin);
        return heap.Array(flat, wide, cons, external, uncached, thin, slice, ofCons, ofSlice, keyed);
    }

    private static ulong Tables(HeapCoreBuilder heap, ulong held, ulong name)
    {
        ulong details = HeapCoreBuilder.Smi(1), pair = heap.New(heap.MapOf("ACCESSOR_PAIR"), heap.Function("get"), heap.Undefined);
        ulong dictionary = heap.List("NAME_DICTIONARY", [.. new ulong[heap.Layout.DictionaryPrefix], name, held, 0, heap.String("accessor", true), pair, details]);
        ulong inDictionary = heap.Object(heap.Map("JS_OBJECT", 3, isDictionary: true));
        heap.SetField(inDictionary, V8Layout.Properties, dictionary);
        ulong numbers = heap.List("NUMBER_DICTIONARY", 0, 0, 0, 0, HeapCoreBuilder.Smi(7), held, 0, heap.Number(4e9), held, 0);
        ulong sparse = heap.Object(heap.Map("JS_ARRAY", 4, elementsKind: heap.Layout.DictionaryElements), HeapCoreBuilder.Smi(100));
        heap.SetField(sparse, V8Layout.Elements, numbers);
        ulong dense = heap.Object(heap.Map("JS_ARRAY", 4), HeapCoreBuilder.Smi(3));
        heap.SetField(dense, V8Layout.Elements, heap.Array(held, heap.Undefined, name));
        ulong cell = heap.New(heap.MapOf("PROPERTY_CELL"), name, 0, held, heap.Array());
        ulong global = heap.Object(heap.Map("JS_GLOBAL_OBJECT", 9, isDictionary: true), new ulong[6]);
        heap.SetField(global, V8Layout.Properties, heap.List("GLOBAL_DICTIONARY", 0, 0, 0, 0, 0, cell));
        ulong many = heap.Map("JS_OBJECT", 3, inObject: 3, descriptors: heap.Descriptors(name, name, name), own: 3);
        ulong outside = heap.Object(many);
        heap.SetField(outside, V8Layout.Properties, heap.List("PROPERTY_ARRAY", held, cell, dense));
        ulong table = heap.Ephemerons(held, dense, outside, sparse, heap.Undefined, held);
        ulong weakMap = heap.Object(heap.MapOf("JS_WEAK_MAP"), table);
        heap.SetField(weakMap, 0, heap.Map("JS_WEAK_MAP", 4, constructor: heap.Function("")));
        ulong map = heap.Object(heap.Map("JS_MAP", 4), heap.List("ORDERED_HASH_MAP", 0, 0, HeapCoreBuilder.Smi(1), 0, name, held, 0));
        ulong swiss = heap.Allocate(24 + (16 * 4) + 4 + 16 + 4);
        heap.SetField(swiss, 0, heap.MapOf("SWISS_NAME_DICTIONARY"));
        heap.SetInt32(swiss + 11, 4);
        heap.Write(swiss + 23, [name, held, name, dense]);
        ulong swissObject = heap.Object(heap.Map("JS_OBJECT", 3, isDictionary: true));
        heap.SetField(swissObject, V8Layout.Properties, swiss);
        return heap.Array(inDictionary, sparse, dense, global, outside, weakMap, map, swissObject, heap.List("WEAK_FIXED_ARRAY", held | 3), WeakList(heap, held));
    }

    private static ulong WeakList(HeapCoreBuilder heap, ulong held)
    {
        ulong list = heap.Allocate(24 + 16);
        heap.SetField(list, 0, heap.MapOf("WEAK_ARRAY_LIST"));
        heap.SetField(list, 8, HeapCoreBuilder.Smi(2));
        heap.Write(list + 23, [held | 3, held]);
        return list;
    }

    private static ulong Code(HeapCoreBuilder heap, ulong function)
    {
        ulong source = heap.String("function bark() {\n  let woof;\n}\n"), script = heap.New(heap.MapOf("SCRIPT"), new ulong[17]);
        heap.SetField(script, 8, source);
        heap.SetField(script, 16, heap.String("a.js"));
        ulong bark = heap.Function("bark");
        ulong shared = heap.Field(bark, heap.Layout.FunctionShared);
        heap.SetField(shared, heap.Layout.SharedScript, script);
        ulong scope = Scope(heap, heap.String("woof", true));
        heap.SetField(heap.Field(function, heap.Layout.FunctionShared), heap.Layout.SharedName, scope);
        ulong context = heap.List("FUNCTION_CONTEXT", scope, heap.Undefined, heap.Array(bark));
        ulong native = heap.Allocate(24 + (8 * 40));
        heap.SetField(native, 0, heap.MapOf("NATIVE_CONTEXT"));
        heap.SetField(native, 8, HeapCoreBuilder.Smi(40));
        heap.SetField(native, 32, function);
        heap.SetField(bark, heap.Layout.FunctionContext, context);
        ulong pool = heap.Array(heap.Array(heap.Array(source)));
        heap.SetField(pool, 16, pool);
        ulong bytecode = heap.Allocate(heap.Layout.BytecodeHeader + 10);
        heap.SetField(bytecode, 0, heap.MapOf("BYTECODE_ARRAY"));
        heap.SetField(bytecode, 8, HeapCoreBuilder.Smi(10));
        heap.SetField(bytecode, heap.Layout.BytecodeConstants, pool);
        heap.SetField(shared, heap.Layout.SharedFunctionData, bytecode);
        ulong cell = heap.New(heap.MapOf("FEEDBACK_CELL"), bytecode);
        heap.SetField(bark, heap.Layout.FunctionFeedbackCell, cell);
        ulong feedback = heap.Allocate(heap.Layout.FeedbackVectorHeader + 16);
        heap.SetField(feedback, 0, heap.MapOf("FEEDBACK_VECTOR"));
        heap.SetInt32(feedback + 7, 2);
        heap.SetField(feedback, heap.Layout.FeedbackVectorHeader, heap.List("WEAK_FIXED_ARRAY", bark | 3));
        ulong template = heap.New(heap.MapOf("FUNCTION_TEMPLATE_INFO"), new ulong[9]);
        heap.SetField(template, heap.Layout.TemplateClassName, heap.String("Template"));
        ulong made = heap.Object(heap.ObjectMap(0, template, source), bark);
        return heap.Array(bark, context, native, feedback, made, heap.New(heap.MapOf("ALLOCATION_SITE"), pool, pool, 0, 0, native, 0, 0, 0, 0), Instructions(heap, context));
    }

    private static ulong Scope(HeapCoreBuilder heap, ulong variable)
    {
        int first = heap.Layout.Version >= 1306 ? 48 : 32;
        ulong scope = heap.Allocate(first + 16);
        heap.SetField(scope, 0, heap.MapOf("SCOPE_INFO"));
        heap.SetField(scope, 24, HeapCoreBuilder.Smi(1));

        // The flags: a block, which has no position.
        if (heap.Layout.Version <= 1204) heap.SetField(scope, 8, HeapCoreBuilder.Smi(6));
        heap.SetField(scope, first, variable);
        return scope;
    }

    /// <summary>Machine code with a reference among its instructions.</summary>
    private static ulong Instructions(HeapCoreBuilder heap, ulong held)
    {
        if (heap.Layout.Version <= 1002)
        {
            ulong old = heap.Allocate(192);
            heap.SetField(old, 0, heap.MapOf("CODE"));
            heap.SetInt32(old + 39, 40);
            heap.SetInt32(old + 43, 8);
            heap.Set(old + 130, held);
            return old;
        }

        ulong stream = heap.Allocate(128), code = heap.New(heap.MapOf("CODE"), new ulong[10]);
        heap.SetField(stream, 0, heap.MapOf(heap.Layout.Version < 1204 ? "CODE" : "INSTRUCTION_STREAM"));
        if (heap.Layout.Version < 1204)
        {
            // Code objects are of one size here; what they would be in this version has no part in what follows.
            heap.SetField(stream, 0, heap.MapOf("FIXED_DOUBLE_ARRAY"));
            heap.SetField(stream, 8, HeapCoreBuilder.Smi(14));
        }
        else
        {
            heap.SetField(stream, 8, code);
        }

        heap.SetField(code, heap.Layout.Offset("Code.instruction_stream", 32), stream);
        heap.SetField(code, heap.Layout.Offset("Code.instruction_start", 40), stream - 1 + 64);
        heap.SetInt32(code - 1 + (ulong)heap.Layout.Offset("Code.instruction_size", 56), 40);
        heap.Set(stream - 1 + 75, held);
        return heap.Array(stream, code);
    }

    private static ulong Others(HeapCoreBuilder heap, ulong held, ulong list, ulong function)
    {
        ulong buffer = heap.New(heap.Map("JS_ARRAY_BUFFER", 12), new ulong[11]);
        heap.SetField(buffer, heap.Layout.BufferByteLength, 4096);
        heap.SetField(buffer, heap.Layout.BufferBackingStore, 0x7777_0000);
        ulong view = heap.New(heap.Map("JS_TYPED_ARRAY", 12), new ulong[11]);
        heap.SetField(view, heap.Layout.ViewBuffer, buffer);
        var all = new List<ulong>
        {
            buffer,
            view,
            heap.Object(heap.Map("JS_BOUND_FUNCTION", 7), function, held, list, 0),
            heap.Object(heap.Map("JS_PROMISE", 12), held, 0, 0, 0, 0, 0, 0, 0, 0),
            heap.Object(heap.Map("JS_GENERATOR_OBJECT", 12), function, held, held, 0, 0, 0, list, 0, 0),
            heap.Object(heap.Map("JS_WEAK_REF", 4), held),
            heap.Object(heap.Map("JS_PRIMITIVE_WRAPPER", 4), heap.String("wrapped")),
            heap.Object(heap.Map("JS_DATE", 12), new ulong[9]),
            heap.Object(heap.Map("JS_REG_EXP", 7), 0, heap.String("a+"), 0, 0),
            heap.New(heap.MapOf("JS_PROXY"), held, held, list, 0),
            heap.New(heap.MapOf("WEAK_CELL"), held, held, held, held, 0, 0, 0),
            heap.New(heap.MapOf("FOREIGN"), 0x1234),
            heap.New(heap.MapOf("TUPLE2"), held, list),
            heap.New(heap.MapOf("PROTOTYPE_INFO"), list, held, 0, 0, 0, 0, 0),
            heap.New(heap.MapOf("ACCESSOR_INFO"), list, held, 0, 0, 0, 0, 0),
            heap.NewBytes(heap.MapOf("BYTE_ARRAY"), [0, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
            heap.List("FIXED_DOUBLE_ARRAY", 5, 6),
            heap.NewBytes(heap.MapOf("BIG_INT_BASE"), [2, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9]),
            heap.List("TRANSITION_ARRAY", heap.List("WEAK_FIXED_ARRAY", held | 3), list),
        };
        ulong registry = heap.Object(heap.Map("JS_FINALIZATION_REGISTRY", 9), new ulong[6]);
        heap.SetField(registry, heap.Layout.FinalizationNextDirty, held);
        all.Add(registry);
        return heap.Array([.. all]);
    }

    /// <summary>What keeps objects alive beside global handles, each list with something in it.</summary>
    private static void Roots(HeapCoreBuilder heap, ulong held)
    {
        const ulong Isolate = HeapCoreBuilder.Isolate;
        ulong At(string field) => Isolate + (ulong)heap.Offset(field);
        ulong implementer = heap.Memory(0x100), blocks = heap.Memory(0x100), block = heap.Memory(0x2000);
        heap.Set(At("Isolate.handle_scope_implementer"), implementer);
        heap.Set(At("Isolate.handle_scope_data"), block + 16);
        heap.Write(implementer, [0, blocks, 1, 1]);
        heap.Set(blocks, block);
        heap.Write(block, [heap.Array(held), held]);

        ulong eternal = heap.Memory(0x100), eternalBlocks = heap.Memory(0x100);
        heap.Set(At("Isolate.eternal_handles"), eternal);
        heap.Set(eternal, 2);
        heap.Set(eternal + 8, eternalBlocks);
        heap.Set(eternalBlocks, block);

        ulong queue = heap.Memory(0x100), ring = heap.Memory(0x100);
        heap.Set(At("Isolate.default_microtask_queue"), queue);
        heap.Write(queue, [0, 2, 4, 3, ring, 0, queue]);
        heap.Write(ring, [held, heap.Array(held), held, held]);

        ulong table = heap.Memory(0x1000), data = heap.Memory(0x1000);
        heap.Set(At("Isolate.string_table"), table);
        heap.Set(table, data);
        heap.Set(data + 16, 8);
        heap.Set(data + 24, heap.String("internalized", true));

        if (heap.Offset("Isolate.heap_strong_roots_head") is > 0 and var head)
        {
            ulong entry = heap.Memory(0x100);
            heap.Set(heap.Heap + (ulong)head, entry);
            heap.Write(entry, [0, block, block + 16, 0, 0]);
        }

        if (heap.Offset("TracedHandles.nodes") is > 0 and var nodes)
        {
            ulong traced = heap.Memory(0x100), tracedBlock = heap.Memory(0x200);
            heap.Set(At("Isolate.traced_handles"), heap.Offset("Isolate.traced_handles_is_pointer") == 1 ? traced : tracedBlock);
            heap.Set(traced + (ulong)heap.Offset("TracedHandles.first_block"), tracedBlock);
            heap.SetInt32(tracedBlock + (ulong)heap.Offset("TracedHandles.cap"), 4);
            heap.Set(tracedBlock + (ulong)nodes, held);
            heap.SetInt32(tracedBlock + (ulong)nodes + 12, 1);
        }

        ulong vector = At("Isolate.startup_object_cache_vector");
        heap.Write(vector, [block, block + 16]);
        heap.Set(HeapCoreBuilder.Stack + 0x200, heap.Array(held));
    }
}

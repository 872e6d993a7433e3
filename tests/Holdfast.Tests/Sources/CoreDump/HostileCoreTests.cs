using System.Text;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump;

/// <summary>Cores made to do harm: small ones that would take days or all memory, and constants that lead out of objects.</summary>
public sealed class HostileCoreTests
{
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(1);

    /// <summary>Beginnings of the constants that are places in objects or numbers of things.</summary>
    private static readonly string[] Counted =
        ["Code.", "JSFunction.", "SharedFunctionInfo.", "DescriptorArray.", "BytecodeArray.", "JSArrayBuffer.", "GlobalHandles.", "TracedHandles.", "prop_", "namedictionary", "elements_"];

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-8)]
    [InlineData(9)]
    [InlineData(100_000)]
    [InlineData(int.MaxValue)]
    public async Task Constants_that_cannot_be_offsets_do_no_harm(int value)
    {
        foreach (string version in new[] { "10.2.154.26", "13.6.233.17" })
        {
            HeapCoreBuilder heap = SampleHeap.Build(version);
            foreach (string constant in heap.Table.Constants.Keys)
            {
                if (!Counted.Any(c => constant.StartsWith(c, StringComparison.Ordinal))) continue;
                heap.Note = $"v8 {version}\nconst {constant} {value}\n";
                (await Read(heap))?.Dispose();
            }

            var all = new StringBuilder($"v8 {version}\n");
            foreach (string constant in heap.Table.Constants.Keys) all.Append($"const {constant} {value}\n");
            heap.Note = all.ToString();
            (await Read(heap))?.Dispose();
        }
    }

    [Fact]
    public async Task Types_with_any_number_and_name_do_no_harm()
    {
        HeapCoreBuilder heap = SampleHeap.Build("13.6.233.17");
        string[] notes =
        [
            "type 65535 JS_PROXY", "type 0 JS_PROXY", "type 2299 JS_PROXY", "type 2147483647 MAP", "type 0 MAP", "type 272 ", "type 272 __", "type 65535 MAP",
            "type 205 JS_FUNCTION", "type 1057 MAP", "type 205 INSTRUCTION_STREAM", "type 205 WASM_STRUCT", "type 205 SMALL_ORDERED_HASH_SET", "type 205 SCOPE_INFO",
            "const FirstJSFunctionType -5", "const FirstJSFunctionType -2147483648\nconst LastJSFunctionType 2147483647", "type 205 HOLE", "type 205 STRONG_DESCRIPTOR_ARRAY",
        ];
        foreach (string note in notes)
        {
            heap.Note = $"v8 13.6.233.17\n{note}\n";
            (await Read(heap))?.Dispose();
        }
    }

    [Fact]
    public async Task Every_type_of_every_version_may_be_an_array_of_anything()
    {
        // Whatever an object's words are, its type may be any.
        foreach (string version in new[] { "10.2.154.26", "11.3.244.8", "12.4.254.21", "13.6.233.17", "14.6.202.34" })
        {
            var heap = new HeapCoreBuilder(version);
            ulong target = heap.Array(heap.String("text"));
            var made = new List<ulong>();
            foreach (int type in heap.Table.Types.Keys)
            {
                foreach (int words in new[] { 0, 1, 3, 6 })
                {
                    ulong map = heap.Map("FIXED_ARRAY", words, prototype: target, constructor: target, descriptors: target, own: 5);
                    BitConverter.TryWriteBytes(heap.At(map - 1)[V8Layout.MapInstanceType..], (ushort)type);
                    made.Add(heap.New(map, HeapCoreBuilder.Smi(words == 0 ? 6 : words), target, target | 2, HeapCoreBuilder.Smi(-1), heap.Undefined, target, target));
                    if (heap.TopOf(heap.CurrentPage) + 0x1000 > heap.CurrentPage + HeapPage.Size) heap.AddPage(heap.CurrentPage += HeapPage.Size, heap.Heap, owner: 0x77);
                }
            }

            foreach (ulong reference in made.Take(200)) heap.Keep(reference);
            (await Read(heap))?.Dispose();
        }
    }

    [Fact]
    public async Task Lists_of_constants_that_have_one_another_are_named_once()
    {
        // 3,000 times 3,000 times 3,000 otherwise, and that for each function.
        var heap = new HeapCoreBuilder();
        ulong list = heap.Array(new ulong[3000]);
        for (int i = 0; i < 3000; i++) heap.SetField(list, 16 + (8 * i), list);
        int bytes = heap.Layout.BytecodeHeader + 8;
        for (int i = 0; i < 500; i++)
        {
            ulong bytecode = heap.Allocate(bytes);
            heap.SetField(bytecode, 0, heap.MapOf("BYTECODE_ARRAY"));
            heap.SetField(bytecode, 8, HeapCoreBuilder.Smi(8));
            heap.SetField(bytecode, heap.Layout.BytecodeConstants, list);
        }

        using HeapGraph graph = await Read(heap) ?? throw new InvalidOperationException("no graph");
        Assert.Equal("(constant pool)", OpenCore.NodeOf(graph, list).Name);
    }

    [Fact]
    public async Task Scopes_that_share_a_table_of_names_have_as_many_as_they_say()
    {
        // Thousands of scopes of thousands of variables each otherwise, and contexts with all of them.
        var heap = new HeapCoreBuilder();
        ulong name = heap.String("variable", true);
        ulong table = heap.Array([0, 0, 0, .. Enumerable.Range(0, 8000).SelectMany(i => new[] { name, HeapCoreBuilder.Smi(i) })]);
        heap.CurrentPage = HeapCoreBuilder.Page + HeapPage.Size;
        heap.AddPage(heap.CurrentPage, heap.Heap, owner: 0x77);
        ulong context = 0;
        for (int i = 0; i < 180; i++)
        {
            ulong scope = heap.Allocate(48 + 8 + (80 * 8));
            heap.SetField(scope, 0, heap.MapOf("SCOPE_INFO"));
            heap.SetField(scope, 24, HeapCoreBuilder.Smi(80));
            heap.SetField(scope, 48, table);
            for (int j = 0; j < 8; j++) context = heap.List("FUNCTION_CONTEXT", scope, heap.Undefined, context, context);
        }

        heap.Keep(context);
        using HeapGraph graph = await Read(heap) ?? throw new InvalidOperationException("no graph");
        Assert.InRange(OpenCore.EdgesOf(OpenCore.NodeOf(graph, context)).Count(e => e.Name == "variable"), 1, 4);
    }

    [Fact]
    public async Task Scripts_that_share_a_source_look_through_it_once()
    {
        var heap = new HeapCoreBuilder();
        ulong text = heap.Memory(1 << 20);
        heap.At(text)[..(1 << 20)].Fill((byte)'\n');
        ulong source = heap.External(text, 1 << 20);
        ulong holder = heap.Undefined;
        for (int i = 0; i < 600; i++)
        {
            // Every other one has a source of its own with the same characters, which there is no memory for.
            ulong script = heap.New(heap.MapOf("SCRIPT"), i % 2 == 0 ? source : heap.External(text, 1 << 20));
            _ = heap.Allocate(16 * 8);
            ulong function = heap.Function("");
            heap.SetField(heap.Field(function, heap.Layout.FunctionShared), heap.Layout.SharedScript, script);
            holder = heap.Array(holder, function);
        }

        heap.Keep(holder);
        (await Read(heap))?.Dispose();
    }

    [Fact]
    public async Task Names_of_pairs_in_a_WeakMap_are_no_longer_than_other_names()
    {
        var heap = new HeapCoreBuilder();
        ulong key = heap.String(new string('k', 2000)), value = heap.String(new string('v', 2000));
        heap.Keep(heap.Array(heap.Ephemerons(key, value), key));
        using HeapGraph graph = await Read(heap) ?? throw new InvalidOperationException("no graph");
        Edge edge = Assert.Single(OpenCore.EdgesOf(OpenCore.NodeOf(graph, key)), e => graph[e.Target].Id == value);
        Assert.Equal(Limits.MaxNameCharacters, edge.Name.Length);
        Assert.StartsWith("1 / part of key (kkk", edge.Name, StringComparison.Ordinal);
    }

    /// <summary>A graph, or null where there is an error for people; soon.</summary>
    private static async Task<HeapGraph?> Read(HeapCoreBuilder heap)
    {
        byte[] core = heap.Build();
        return await Task.Run(() => TryRead(core), TestContext.Current.CancellationToken).WaitAsync(MostTime, TestContext.Current.CancellationToken);
    }

    private static HeapGraph? TryRead(byte[] core)
    {
        try
        {
            return OpenCore.Read(core, new CoreOptions { Force = true, IncludeGarbage = true });
        }
        catch (InputException e)
        {
            Assert.Contains(OpenCore.Name, e.Message, StringComparison.Ordinal);
            return null;
        }
    }
}

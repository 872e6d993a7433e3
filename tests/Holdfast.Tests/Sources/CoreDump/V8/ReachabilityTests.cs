using CsCheck;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump.V8;

public sealed class ReachabilityTests
{
    /// <summary>Links between objects: from, to, and of what kind. Kind 3 is a pair of a key and a value in a WeakMap's table.</summary>
    private static readonly Gen<(int Kind, int From, int To, int Key)[]> Links = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 19], Gen.Int[0, 19], Gen.Int[0, 19]).Array[0, 50];

    [Fact]
    public void What_is_kept_is_what_a_naive_search_keeps_until_nothing_is_added() =>
        Gen.Select(Links, Gen.Int[0, 19].Array[0, 4]).Sample((links, roots) => Check(links, roots), iter: 300, threads: 1);

    [Theory]
    [InlineData("10.2.154.26")]
    [InlineData("13.6.233.17")]
    public void A_value_of_a_WeakMap_is_kept_once_its_key_is_whichever_is_found_first(string version)
    {
        var heap = new HeapCoreBuilder(version);
        ulong value = heap.Array(1), key = heap.Array(2), deadValue = heap.Array(3), deadKey = heap.Array(4);
        ulong chained = heap.Array(5);
        ulong table = heap.Ephemerons(key, value, deadKey, deadValue, value, chained, heap.Undefined, deadValue, HeapCoreBuilder.Smi(4), deadValue);
        AssertKept(heap, [table, key], [value, chained], [deadKey, deadValue]);
        AssertKept(heap, [key, table], [value, chained], [deadKey, deadValue]);
        AssertKept(heap, [table], [], [key, value, chained, deadKey, deadValue]);
    }

    [Fact]
    public void Weak_fields_keep_nothing()
    {
        var heap = new HeapCoreBuilder();
        ulong target = heap.Array(1), token = heap.Array(2), next = heap.Array(3), weakElement = heap.Array(4), strong = heap.Array(6);
        ulong reference = heap.New(heap.MapOf("JS_WEAK_REF"), heap.Undefined, heap.Undefined, target);
        ulong cell = heap.New(heap.MapOf("WEAK_CELL"), strong, target, token, 0, 0, 0, 0);
        ulong registry = heap.New(heap.MapOf("JS_FINALIZATION_REGISTRY"), 0, 0, 0, 0, 0, 0, 0, next);
        ulong list = heap.List("WEAK_FIXED_ARRAY", weakElement | 3, HeapCoreBuilder.Smi(1));
        AssertKept(heap, [reference, cell, registry, list], [strong], [target, token, next, weakElement]);
    }

    [Fact]
    public void A_map_is_kept_by_its_objects()
    {
        var heap = new HeapCoreBuilder();
        ulong key = heap.String("key"), other = heap.String("other");
        ulong map = heap.ObjectMap(0, 0, key), unused = heap.ObjectMap(0, 0, other);
        AssertKept(heap, [heap.Object(map, 0)], [map, key], [unused, other]);
    }

    [Fact]
    public void What_all_isolates_share_is_always_kept()
    {
        var heap = new HeapCoreBuilder();
        ulong held = heap.Array(1);
        heap.CurrentPage = HeapCoreBuilder.ReadOnlyPage;
        ulong shared = heap.Array(held);
        AssertKept(heap, [], [shared, held], []);
    }

    [Fact]
    public void Numbers_and_words_that_only_look_like_references_keep_nothing()
    {
        var heap = new HeapCoreBuilder();
        ulong target = heap.Array(1);
        ulong number = heap.Number(BitConverter.UInt64BitsToDouble(target));
        ulong bytes = heap.NewBytes(heap.MapOf("BYTE_ARRAY"), [0, 0, 0, 0, 8, 0, 0, 0, .. BitConverter.GetBytes(target)]);
        ulong doubles = heap.List("FIXED_DOUBLE_ARRAY", target);
        ulong untagged = heap.Array(target - 1, target & (HeapPage.Size - 1));
        AssertKept(heap, [number, bytes, doubles, untagged], [], [target]);
    }

    private static void Check((int Kind, int From, int To, int Key)[] links, int[] roots)
    {
        // Each object has room for a strong and a weak field for each link, and a WeakMap's table.
        var heap = new HeapCoreBuilder();
        var objects = new ulong[20];
        var tables = new ulong[20];
        for (int i = 0; i < objects.Length; i++)
        {
            int pairs = links.Count(l => l.Kind == 3 && l.From == i);
            tables[i] = heap.Ephemerons(new ulong[pairs * 2]);
            objects[i] = heap.Array([tables[i], .. new ulong[links.Count(l => l.Kind < 3 && l.From == i)]]);
        }

        var used = new int[20];
        var usedPairs = new int[20];
        foreach ((int kind, int from, int to, int key) in links)
        {
            if (kind == 3)
            {
                int at = 16 + 24 + (16 * usedPairs[from]++);
                heap.SetField(tables[from], at, objects[key]);
                heap.SetField(tables[from], at + 8, objects[to]);
            }
            else
            {
                heap.SetField(objects[from], 24 + (8 * used[from]++), kind == 2 ? objects[to] | 3 : objects[to]);
            }
        }

        var kept = new HashSet<int>(roots);
        for (int before = -1; before != kept.Count;)
        {
            before = kept.Count;
            foreach ((int kind, int from, int to, int key) in links)
            {
                if (kept.Contains(from) && (kind < 2 || (kind == 3 && kept.Contains(key)))) kept.Add(to);
            }
        }

        AssertKept(
            heap,
            [.. roots.Select(r => objects[r])],
            [.. kept.Select(k => objects[k])],
            [.. Enumerable.Range(0, 20).Where(i => !kept.Contains(i)).Select(i => objects[i])]);
    }

    private static void AssertKept(HeapCoreBuilder heap, ulong[] roots, ulong[] kept, ulong[] lost)
    {
        using OpenCore core = OpenCore.Of(heap);
        using Reachability reached = Reachability.Run(core.Heap, core.Heap.Pages.All.First(p => !p.IsReadOnly).Heap, roots.Select(core.Heap.IndexOf), Work.Unwatched);
        foreach (ulong reference in kept.Concat(roots)) Assert.True(reached.Marked[core.Heap.IndexOf(reference)], $"{reference:x} is kept");
        foreach (ulong reference in lost) Assert.False(reached.Marked[core.Heap.IndexOf(reference)], $"{reference:x} is not kept");
    }
}

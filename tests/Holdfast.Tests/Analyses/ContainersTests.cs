using System.Globalization;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>Sizes of containers, on the layouts that V8 and Node give them.</summary>
public sealed class ContainersTests
{
    private const int Buckets = 4;
    private const int FirstSlot = 3 + Buckets;

    [Fact]
    public void A_Map_counts_entries_and_not_their_keys_and_values() =>
        AssertOnly(ContainerKind.Map, 5, MapBytes(Buckets), b => AddEntries(b, Table(b, b.RootObject("Map"), MapBytes(Buckets)), 5, entrySize: 3, slots: 2));

    [Fact]
    public void An_entry_of_a_Map_is_seen_by_its_key_alone_or_its_value_alone() =>
        AssertOnly(ContainerKind.Map, 3, MapBytes(Buckets), b =>
        {
            NodeIndex table = Table(b, b.RootObject("Map"), MapBytes(Buckets));
            AddSlot(b, table, FirstSlot);
            AddSlot(b, table, FirstSlot + 3 + 1);
            AddSlot(b, table, FirstSlot + 6);
            AddSlot(b, table, FirstSlot + 7);
        });

    [Fact]
    public void A_Set_counts_its_members() =>
        AssertOnly(ContainerKind.Set, 6, SetBytes(Buckets), b => AddEntries(b, Table(b, b.RootObject("Set"), SetBytes(Buckets)), 6, entrySize: 2, slots: 1));

    [Fact]
    public void A_class_made_from_Set_is_told_by_the_length_of_its_table() =>
        AssertOnly(ContainerKind.Set, 6, SetBytes(Buckets), b => AddEntries(b, Table(b, b.RootObject("JobSet"), SetBytes(Buckets)), 6, entrySize: 2, slots: 1));

    [Fact]
    public void Deleted_members_are_holes_or_nothing_and_do_not_count() =>
        AssertOnly(ContainerKind.Set, 2, SetBytes(Buckets), b =>
        {
            NodeIndex table = Table(b, b.RootObject("Set"), SetBytes(Buckets)), hole = b.Node(NodeType.Hidden, "system / Hole");
            AddSlot(b, table, FirstSlot);
            b.Internal(table, Slot(FirstSlot + 2), hole);
            AddSlot(b, table, FirstSlot + 6);
        });

    [Fact]
    public void The_header_and_the_buckets_of_a_table_are_no_entries() =>
        AssertOnly(ContainerKind.Map, 1, MapBytes(Buckets), b =>
        {
            NodeIndex table = Table(b, b.RootObject("Map"), MapBytes(Buckets));
            b.Internal(table, "map", b.Node(NodeType.ObjectShape, "system / Map")).Internal(table, Slot(1), b.Object("Old"));
            AddSlot(b, table, FirstSlot);
        });

    [Fact]
    public void A_WeakMap_counts_its_pairs() =>
        AssertOnly(ContainerKind.WeakMap, 4, 100, b =>
        {
            NodeIndex map = b.RootObject("WeakMap"), table = Table(b, map, 100);
            for (int i = 0; i < 4; i++)
            {
                NodeIndex key = b.RootObject("Key"), value = b.Object("Value");
                string name = $"{i} / part of key (Key @{i}) -> value (Value @{i}) pair in WeakMap (table @{(int)table * 2 + 1})";
                b.Internal(table, name, value).Internal(key, name, value).Weak(table, Slot(i), key);
            }
        });

    [Fact]
    public void An_array_counts_its_elements_and_has_the_bytes_of_its_store() =>
        AssertOnly(ContainerKind.Array, 3, 240, b =>
        {
            NodeIndex array = b.RootObject("Array");
            b.Internal(array, "elements", b.Node(NodeType.Array, "(object elements)", 240));
            for (uint i = 0; i < 3; i++) b.Element(array, i, b.Object("Item"));
        });

    [Fact]
    public void Numbers_in_an_array_are_seen_by_a_large_store_only()
    {
        AssertOnly(ContainerKind.Array, 0, Containers.LargeStore, b => b.Internal(b.RootObject("Array"), "elements", b.Node(NodeType.Array, "(object elements)", Containers.LargeStore)), least: 5);
        AssertNone(b => b.Internal(b.RootObject("Array"), "elements", b.Node(NodeType.Array, "(object elements)", Containers.LargeStore - 1)));
    }

    [Fact]
    public void An_object_is_a_dictionary_where_it_has_many_keys_in_a_hash_table()
    {
        AssertOnly(ContainerKind.Dictionary, 9, 500, b => AddProperties(b, 9, NodeType.Array));
        AssertNone(b => AddProperties(b, 9, NodeType.Object));
        AssertNone(b => AddProperties(b, Containers.LeastDictionary - 1, NodeType.Array));

        static void AddProperties(HeapBuilder b, int count, NodeType store)
        {
            NodeIndex owner = b.RootObject("Object");
            b.Internal(owner, "properties", b.Node(store, "(object properties)", 500));
            for (int i = 0; i < count; i++) b.Property(owner, $"key{i}", b.Object("Value"));
        }
    }

    [Fact]
    public void An_emitter_counts_the_listeners_of_all_its_events() =>
        AssertOnly(ContainerKind.Listeners, 4, 0, b =>
        {
            NodeIndex emitter = b.RootObject("Server"), events = b.Object("Object"), many = b.Object("Array");
            b.Property(emitter, "_events", events).Property(events, "close", b.Node(NodeType.Closure, "onClose")).Property(events, "data", many).Property(events, "other", b.Object("Date"));
            for (uint i = 0; i < 3; i++) b.Element(many, i, b.Node(NodeType.Closure, "onData"));
        }, least: 4);

    [Fact]
    public void An_EventTarget_counts_the_links_of_its_lists() =>
        AssertOnly(ContainerKind.Listeners, 5, 0, b => AddTarget(b, [3, 2], ring: false), least: 5);

    [Fact]
    public void A_list_of_listeners_that_ends_in_a_ring_ends() =>
        Assert.True(Run(b => AddTarget(b, [4], ring: true), 3).Single(c => c.Kind == ContainerKind.Listeners).Size >= 4);

    [Fact]
    public void A_list_of_listeners_that_leads_back_to_its_start_counts_each_once() =>
        AssertOnly(ContainerKind.Listeners, 4, 0, b =>
        {
            (NodeIndex first, NodeIndex last) = AddTarget(b, [4], ring: false);
            b.Property(last, "next", first);
        }, least: 4);

    [Fact]
    public void Containers_with_fewer_entries_are_passed_over() =>
        Assert.Empty(Run(b => AddEntries(b, Table(b, b.RootObject("Map"), MapBytes(Buckets)), 5, entrySize: 3, slots: 2), 6));

    [Fact]
    public void A_Map_with_an_impossible_table_has_some_size()
    {
        foreach (long bytes in (long[])[0, 1, 16, 39, 40, long.MaxValue / 2])
            Assert.True(Run(b => AddSlot(b, Table(b, b.RootObject("Map"), bytes), 1), 1).All(c => c.Size >= 0));
    }

    private static (NodeIndex First, NodeIndex Last) AddTarget(HeapBuilder b, int[] lists, bool ring)
    {
        NodeIndex target = b.RootObject("EventTarget"), map = b.Object("Map"), table = b.Node(NodeType.Array, "");
        b.Property(target, "<symbol kEvents>", map).Internal(map, "table", table);
        (NodeIndex first, NodeIndex last) = (NodeIndex.None, NodeIndex.None);
        for (int i = 0; i < lists.Length; i++)
        {
            NodeIndex at = first = b.Object("Object"), second = NodeIndex.None;
            b.Internal(table, Slot(FirstSlot + i * 3 + 1), at);
            for (int link = 0; link < lists[i]; link++)
            {
                last = b.Object("Listener");
                if (link == 0) second = last;
                b.Property(at, "next", last);
                at = last;
            }

            if (ring) b.Property(last, "next", second);
        }

        return (first, last);
    }

    private static NodeIndex Table(HeapBuilder b, NodeIndex owner, long bytes)
    {
        NodeIndex table = b.Node(NodeType.Array, "", bytes);
        b.Internal(owner, "table", table);
        return table;
    }

    private static void AddEntries(HeapBuilder b, NodeIndex table, int count, int entrySize, int slots)
    {
        for (int i = 0; i < count; i++)
        {
            for (int slot = 0; slot < slots; slot++) AddSlot(b, table, FirstSlot + i * entrySize + slot);
        }
    }

    private static void AddSlot(HeapBuilder b, NodeIndex table, int slot) => b.Internal(table, Slot(slot), b.Object("Entry"));

    private static string Slot(int index) => index.ToString(CultureInfo.InvariantCulture);

    /// <summary>3 numbers, buckets, and twice as many entries of 3 as buckets.</summary>
    private static long MapBytes(int buckets) => 16 + 8 * (3 + buckets + 2 * buckets * 3);

    private static long SetBytes(int buckets) => 16 + 8 * (3 + buckets + 2 * buckets * 2);

    private static void AssertOnly(ContainerKind kind, int size, long bytes, Action<HeapBuilder> build, int least = 1)
    {
        Container container = Assert.Single(Run(build, least));
        Assert.Equal((kind, size, bytes), (container.Kind, container.Size, container.Bytes));
    }

    private static void AssertNone(Action<HeapBuilder> build) => Assert.Empty(Run(build, 1));

    private static List<Container> Run(Action<HeapBuilder> build, int least)
    {
        var builder = new HeapBuilder();
        build(builder);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        return Containers.Run(heap, least, Work.Unwatched);
    }
}

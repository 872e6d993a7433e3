using System.Text;
using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// Which objects the user means by a constructor. In this order, the first that finds something counts:
/// <list type="number">
/// <item>the name of a class exactly as the class table shows it: <c>Foo</c>, <c>{a, b}</c>, <c>(string)</c>;</item>
/// <item><c>type::name</c>: nodes of that V8 type whose own name is this, or matches it as a glob;</item>
/// <item>a glob (<c>*</c>, <c>?</c>) over the names of classes;</item>
/// <item>the own name of functions, objects and natives, exact or as a glob;</item>
/// <item>the own name of V8's own nodes (hidden, code, array, synthetic …), likewise.</item>
/// </list>
/// A class stands for the objects the class table counts: those with a size of their own. The text of strings is only
/// looked at where a type is given.
/// </summary>
public static class ConstructorPattern
{
    private const string TypeMark = "::";

    /// <returns>The nodes, at least one; the caller disposes it.</returns>
    /// <exception cref="InputException">Nothing matches; the message names classes that come close.</exception>
    public static NodeSet Match(Heap heap, string pattern, Work work)
    {
        work.Report("choosing objects");
        return MatchClasses(heap, pattern, name => name == pattern)
            ?? MatchTyped(heap, pattern, work)
            ?? (Glob.IsGlob(pattern) ? MatchClasses(heap, pattern, new Glob(pattern).Matches) : null)
            ?? MatchOwnNames(heap, pattern, work)
            ?? throw new InputException(DescribeMiss(heap, pattern));
    }

    private static NodeSet? MatchClasses(Heap heap, string pattern, Predicate<string> isWanted)
    {
        ClassCatalog catalog = heap.Classes.Catalog;
        var wanted = new bool[catalog.Count];
        bool any = false;
        for (int i = 0; i < wanted.Length; i++) any |= wanted[i] = isWanted(catalog[i].Name);
        if (!any) return null;

        var bits = new BitColumn(heap.Graph.NodeCount);
        Span<ulong> words = bits.Words;
        ReadOnlySpan<int> classes = heap.Classes.Span;
        WideColumn shallow = heap.Shallow.Column;
        for (int node = 0; node < classes.Length; node++)
        {
            if (wanted[classes[node]] && shallow[node] != 0) words[node >> 6] |= 1UL << (node & 63);
        }

        return GiveUnlessEmpty(bits, pattern);
    }

    private static NodeSet? MatchTyped(Heap heap, string pattern, Work work)
    {
        int mark = pattern.IndexOf(TypeMark, StringComparison.Ordinal);
        if (mark <= 0) return null;
        var types = new bool[256];
        bool any = false;
        for (int type = 0; type < heap.Graph.NodeTypeNames.Count; type++)
            any |= types[type] = heap.Graph.NodeTypeNames[type] == pattern[..mark];
        if (!any) return null;
        string name = pattern[(mark + TypeMark.Length)..];
        return MatchNames(heap.Graph, pattern, name, types, exact: true, work)
            ?? (Glob.IsGlob(name) ? MatchNames(heap.Graph, pattern, name, types, exact: false, work) : null);
    }

    private static NodeSet? MatchOwnNames(Heap heap, string pattern, Work work)
    {
        var program = new bool[256];
        foreach (NodeType type in (ReadOnlySpan<NodeType>)[NodeType.Closure, NodeType.Object, NodeType.Native, NodeType.RegExp, NodeType.WasmObject])
            program[(int)type] = true;
        var internals = new bool[256];
        for (int i = 0; i < heap.Graph.NodeTypeNames.Count; i++) internals[i] = !program[i] && !HoldsValues((NodeType)i);
        bool isGlob = Glob.IsGlob(pattern);
        return MatchNames(heap.Graph, pattern, pattern, program, exact: true, work)
            ?? (isGlob ? MatchNames(heap.Graph, pattern, pattern, program, exact: false, work) : null)
            ?? MatchNames(heap.Graph, pattern, pattern, internals, exact: true, work)
            ?? (isGlob ? MatchNames(heap.Graph, pattern, pattern, internals, exact: false, work) : null);
    }

    private static bool HoldsValues(NodeType type) => type is NodeType.String or NodeType.ConsString or NodeType.SlicedString
        or NodeType.Number or NodeType.Symbol or NodeType.BigInt;

    private static NodeSet? MatchNames(HeapGraph graph, string pattern, string name, bool[] types, bool exact, Work work)
    {
        using BitColumn names = exact ? FindStrings(graph.Strings, Encoding.UTF8.GetBytes(name), work) : FindStrings(graph.Strings, new Glob(name), work);
        if (names.Count() == 0) return null;
        var bits = new BitColumn(graph.NodeCount);
        Span<ulong> words = bits.Words;
        ReadOnlySpan<ulong> wanted = names.Words;
        ReadOnlySpan<int> nodeNames = graph.NodeNames;
        ReadOnlySpan<NodeType> nodeTypes = graph.NodeTypes;
        for (int node = 0; node < nodeNames.Length; node++)
        {
            int own = nodeNames[node];
            if (types[(int)nodeTypes[node]] && (wanted[own >> 6] >> (own & 63) & 1) != 0) words[node >> 6] |= 1UL << (node & 63);
        }

        return GiveUnlessEmpty(bits, pattern);
    }

    /// <summary>Which strings of a table match, one bit a string; the caller disposes it.</summary>
    internal static BitColumn FindStrings(StringTable strings, Glob glob, Work work)
    {
        var found = new BitColumn(strings.Count);
        for (int i = 0; i < strings.Count; i++)
        {
            work.ThrowIfCancelled(i);
            if (glob.Matches(strings.Utf8(i))) found[i] = true;
        }

        return found;
    }

    /// <summary>Which strings of a table are exactly this one: V8 writes each once, others may not.</summary>
    internal static BitColumn FindStrings(StringTable strings, ReadOnlySpan<byte> utf8, Work work)
    {
        var found = new BitColumn(strings.Count);
        for (int i = 0; i < strings.Count; i++)
        {
            work.ThrowIfCancelled(i);
            if (strings.Utf8(i).SequenceEqual(utf8)) found[i] = true;
        }

        return found;
    }

    private static NodeSet? GiveUnlessEmpty(BitColumn bits, string pattern)
    {
        var set = new NodeSet(bits, pattern);
        if (set.Count > 0) return set;
        set.Dispose();
        return null;
    }

    private static string DescribeMiss(Heap heap, string pattern)
    {
        ClassCatalog catalog = heap.Classes.Catalog;
        int mark = pattern.IndexOf(TypeMark, StringComparison.Ordinal);
        string wanted = mark < 0 ? pattern : pattern[(mark + TypeMark.Length)..];
        IReadOnlyList<string> nearest = NearestNames.Find(wanted, Enumerable.Range(0, catalog.Count).Select(i => catalog[i].Name));
        string advice = nearest.Count > 0
            ? $"Did you mean {string.Join(" or ", nearest.Select(n => $"'{n}'"))}?"
            : "`holdfast summary` lists the constructors of a heap.";
        if (mark > 0 && !heap.Graph.NodeTypeNames.Contains(pattern[..mark]))
            advice += $" Before '::' stands a node type: {string.Join(", ", heap.Graph.NodeTypeNames)}.";
        return $"nothing in this heap is called '{pattern}' (a constructor as the class table shows it, a glob such as 'Http*', or type::name). {advice}";
    }
}

using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Who refers to a value: by its address, by a string's text, by a number, or by the name it is kept under.</summary>
internal sealed class ReferenceSearch(CoreSession core, Work work, int mostReferrers = Limits.MaxReferrers)
{
    private const int MostEqualStrings = 100_000;

    private readonly V8Heap _heap = core.Heap;
    private readonly ReferenceNames _names = new(core, work);
    private readonly ValueReader _values = new(core, new ValueOptions(0, 0, 200));

    /// <param name="target">The object.</param>
    /// <param name="levels">How many steps towards the roots: 1 gives those that refer to it.</param>
    public List<FoundReference> ToObject(HeapObject target, int levels) => Tree([target.Address], levels, []);

    /// <summary>Who refers to a string with this text.</summary>
    public List<FoundReference> ToText(string text, int levels)
    {
        var equal = new List<ulong>();
        BitColumn counted = core.Counted(work);
        for (int i = 0; i < _heap.Count && equal.Count < MostEqualStrings; i++)
        {
            work.ThrowIfCancelled(i);
            if (!counted[i] || !_heap.MapOf(i).Traits.IsString) continue;
            HeapObject candidate = _heap[i];
            if (HeapStrings.Length(candidate) == text.Length && core.Strings.Read(candidate, text.Length) == text) equal.Add(candidate.Address);
        }

        return equal.Count == 0 ? [] : Tree(equal, levels, []);
    }

    /// <summary>Who has this number, as a small integer, boxed, or in an array of numbers.</summary>
    public List<FoundReference> ToNumber(double number)
    {
        var words = new HashSet<ulong> { BitConverter.DoubleToUInt64Bits(number) };
        if (number == (int)number && (number != 0 || !double.IsNegative(number))) words.Add((ulong)(uint)(int)number << 32);
        BitColumn counted = core.Counted(work);
        for (int i = 0; i < _heap.Count; i++)
        {
            work.ThrowIfCancelled(i);
            if (counted[i] && _heap.KindOf(i) == ObjectKind.HeapNumber && PrimitiveReader.NumberOf(_heap[i]).Equals(number)) AddReferences(_heap[i].Address, words);
        }

        // A number is everywhere in V8's own fields: only what a program has counts.
        return [.. Named(WordSearch.Find(core, words, work)).Where(r => r.Kind != "internal")];
    }

    /// <summary>What is kept under a name: properties and variables.</summary>
    public List<FoundReference> ByName(string name)
    {
        var found = new List<FoundReference>();
        BitColumn counted = core.Counted(work);
        var mapHas = new Dictionary<int, bool>();
        foreach (HeapPage page in _heap.Pages.All.Where(p => p.Heap == core.Isolate.Heap))
        {
            for (int i = page.FirstObject; i < page.EndObject; i++)
            {
                work.ThrowIfCancelled(i);
                if (!counted[i]) continue;
                MapInfo map = _heap.MapOf(i);
                if (map.Traits.Kind == ObjectKind.Context) AddVariables(_heap[i], name, found);
                if (!map.Traits.IsJSObject) continue;
                if (!map.IsDictionaryMap && mapHas.TryGetValue(map.Number, out bool has) && !has) continue;
                var finder = new Finder(this, _heap[i], name, found);
                core.Properties.Visit(_heap[i], ref finder);
                mapHas[map.Number] = finder.HasName;
            }
        }

        return found;
    }

    private static void AddReferences(ulong address, ICollection<ulong> words)
    {
        words.Add(address);
        words.Add(address | 2);
    }

    /// <summary>What refers to the targets, to those in turn, and so on: each level is one search for all of it.</summary>
    private List<FoundReference> Tree(IReadOnlyCollection<ulong> targets, int levels, HashSet<ulong> seen)
    {
        var referrers = new Dictionary<ulong, List<FoundReference>>();
        IReadOnlyCollection<ulong> next = targets;
        List<FoundReference> first = [];
        for (int level = 0; level < levels && next.Count > 0; level++)
        {
            var words = new List<ulong>();
            foreach (ulong target in next.Take(mostReferrers))
            {
                seen.Add(target);
                AddReferences(target, words);
            }

            List<FoundReference> found = Named(WordSearch.Find(core, words, work));
            if (level == 0) first = found;
            else foreach (IGrouping<ulong, FoundReference> group in found.GroupBy(r => r.Target ?? 0)) referrers[group.Key] = [.. group];
            next = [.. found.Select(r => r.From).Where(from => !seen.Contains(from)).Distinct()];
        }

        return levels <= 1 ? first : Assemble(first, referrers, targets, levels - 1);
    }

    private static List<FoundReference> Assemble(List<FoundReference> first, Dictionary<ulong, List<FoundReference>> referrers, IReadOnlyCollection<ulong> targets, int levels)
    {
        var told = targets.ToHashSet();
        return [.. first.Select(r => WithReferrers(r, referrers, told, levels))];
    }

    /// <summary>Each object is taken apart once: where ways meet or go in a circle, the first has it.</summary>
    private static FoundReference WithReferrers(FoundReference reference, Dictionary<ulong, List<FoundReference>> referrers, HashSet<ulong> told, int levels)
    {
        if (levels == 0 || !told.Add(reference.From) || !referrers.TryGetValue(reference.From, out List<FoundReference>? found)) return reference;
        return reference with { Referrers = [.. found.Select(r => WithReferrers(r, referrers, told, levels - 1))] };
    }

    private List<FoundReference> Named(List<(int Object, int Offset)> places)
    {
        core.StartQuestion();
        return _names.Of(places);
    }

    private void AddVariables(HeapObject context, string name, List<FoundReference> found)
    {
        if (!_heap.TryFollow(context, V8Layout.ArrayData, out HeapObject scope) || scope.Kind != ObjectKind.ScopeInfo) return;
        foreach (ScopeVariable variable in core.Scopes.Variables(scope))
        {
            if (core.Strings.Read(variable.Name, name.Length + 1) == name) found.Add(Found(context, "variable", name, context[V8Layout.ArrayData + (8 * variable.Slot)]));
        }
    }

    private FoundReference Found(HeapObject owner, string kind, string name, ulong word)
    {
        Value value = _values.Read(word, 0);
        return new FoundReference(owner.Address, _names.Show(owner), kind, name, value.Text) { Target = value.Id };
    }

    private struct Finder(ReferenceSearch search, HeapObject owner, string name, List<FoundReference> found) : IPropertyVisitor
    {
        public bool HasName { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (!search.IsNamed(key, name)) return true;
            HasName = true;
            found.Add(search.Found(owner, "property", name, value));
            return true;
        }
    }

    private bool IsNamed(ulong key, string name)
    {
        int index = _heap.IndexOf(key);
        if (index < 0) return false;
        if (_heap.KindOf(index) == ObjectKind.Symbol) return core.KeyName(key) == name;
        HeapObject text = _heap[index];
        return HeapStrings.Length(text) == name.Length && core.Strings.Read(text, name.Length) == name;
    }
}

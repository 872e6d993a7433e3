using Holdfast.Common;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Node;

/// <summary>An object's own properties by name, for looking at objects whose shape is known.</summary>
internal readonly struct ObjectView(CoreSession core, HeapObject of)
{
    private const int MostCharacters = 4096;

    public HeapObject Object => of;

    /// <summary>Objects of a class that something holds.</summary>
    public static IEnumerable<ObjectView> Instances(CoreSession core, Predicate<string> isWanted, Work work)
    {
        foreach (int i in core.Census(work).InstancesOf(isWanted)) yield return new ObjectView(core, core.Heap[i]);
    }

    /// <summary>The word of a property, 0 where there is none (which is also the number 0).</summary>
    public ulong Word(string name)
    {
        var finder = new Finder(core, name);
        core.Properties.Visit(of, ref finder);
        return finder.Found;
    }

    public string? Text(string name) => core.Strings.Read(Word(name), MostCharacters);

    public double? Number(string name)
    {
        var finder = new Finder(core, name);
        core.Properties.Visit(of, ref finder);
        if (!finder.IsFound) return null;
        if ((finder.Found & 1) == 0) return (int)(finder.Found >> 32);
        return core.Heap.IndexOf(finder.Found) is >= 0 and var index && core.Heap.KindOf(index) == ObjectKind.HeapNumber ? PrimitiveReader.NumberOf(core.Heap[index]) : null;
    }

    public bool? Boolean(string name) => Primitive(name) switch { "true" => true, "false" => false, _ => null };

    public ObjectView? View(string name) =>
        core.Heap.IndexOf(Word(name)) is >= 0 and var index && core.Heap.MapOf(index).Traits.IsReceiver ? new ObjectView(core, core.Heap[index]) : null;

    private string? Primitive(string name) =>
        core.Heap.IndexOf(Word(name)) is >= 0 and var index ? core.Primitives.TryRead(core.Heap[index], MostCharacters)?.Content : null;

    private struct Finder(CoreSession core, string name) : IPropertyVisitor
    {
        public ulong Found { get; private set; }

        public bool IsFound { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (isAccessor || core.KeyName(key) != name) return true;
            (Found, IsFound) = (value, true);
            return false;
        }
    }
}

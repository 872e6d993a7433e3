using Holdfast.Model;

namespace Holdfast.Tests.Cores;

/// <summary>How near to V8's own snapshot a graph read from a core must be.</summary>
internal static class CoreBounds
{
    /// <summary>Share of class names with equal counts.</summary>
    public const double EqualClasses = 0.99;

    /// <summary>Share of the snapshot's property, element and context edges that are found, each.</summary>
    public const double FoundEdges = 0.995;

    /// <summary>Bytes of what is reached, either way.</summary>
    public const double BytesOff = 0.01;

    /// <summary>Share of the heap's bytes that could not be read as objects.</summary>
    public const double Unparsed = 0.005;

    public static EdgeType[] NamedEdges { get; } = [EdgeType.Property, EdgeType.Element, EdgeType.Context];

    public static void AssertWithin(GraphComparison comparison, HeapOrigin origin, IReadOnlyDictionary<string, int> classes)
    {
        AssertClasses(comparison.Ours, classes);
        Assert.True(comparison.EqualClasses >= EqualClasses, $"{comparison.EqualClasses:P2} of the class names have equal counts.\n{comparison.Describe()}");
        foreach (EdgeType type in NamedEdges)
        {
            EdgeFigures edges = comparison.Edges(type);
            Assert.True(edges.Reference > 1000, $"V8's snapshot has only {edges.Reference} {type} edges");
            Assert.True(edges.Share >= FoundEdges, $"{edges.Share:P2} of the {type} edges are found.\n{comparison.Describe()}");
        }

        Assert.True(Math.Abs(comparison.BytesOff) <= BytesOff, $"V8 has {comparison.Reference.Bytes} bytes, the core {comparison.Ours.Bytes}.\n{comparison.Describe()}");
        AssertParsed(comparison.Ours, origin);
    }

    /// <summary>Every class the program itself tells about has exactly the objects it should.</summary>
    public static void AssertClasses(GraphCounts ours, IReadOnlyDictionary<string, int> classes)
    {
        Assert.NotEmpty(classes);
        foreach ((string name, int count) in classes)
            Assert.True(ours.Classes.GetValueOrDefault(name) == count, $"{name}: should be {count}, the core has {ours.Classes.GetValueOrDefault(name)}");
    }

    public static void AssertParsed(GraphCounts ours, HeapOrigin origin)
    {
        double share = UnparsedShare(ours, origin);
        Assert.True(share < Unparsed, $"{share:P2} of the heap ({origin.UnparsedBytes} bytes) could not be read");
    }

    /// <summary>Bytes that could not be read, of all threads' heaps, by those that could, of this one's.</summary>
    public static double UnparsedShare(GraphCounts ours, HeapOrigin origin) =>
        (double)origin.UnparsedBytes / (ours.Bytes + origin.GarbageBytes + origin.UnparsedBytes);
}

using Holdfast.Model;

namespace Holdfast.Tests.Cores;

/// <summary>How much of the reference's edges of one type is found.</summary>
/// <param name="Reference">Edges V8's snapshot has.</param>
/// <param name="Found">Of these, those that ours has too.</param>
/// <param name="Extra">Edges that only ours has.</param>
internal sealed record EdgeFigures(int Reference, int Found, int Extra)
{
    public double Share => Reference == 0 ? 1 : (double)Found / Reference;
}

/// <summary>
/// What V8's own snapshot of a process says, against what was read from a core dump of the same moment.
/// Two things differ by nature, and are taken out of the comparison:
/// - Numbers that V8 keeps in boxes. V8's snapshot has them as hidden edges (it leaves numbers' names out unless
///   <c>exposeNumericValues</c> is asked for); a core gives them by name. Edges to numbers never count as extra.
/// - What belongs to the writing of the snapshot itself. From Node 20 on one <c>Uint8Array</c> and its <c>ArrayBuffer</c> that the
///   snapshot still shows are gone again in the core. One object less of each of these is no difference.
/// </summary>
internal sealed class GraphComparison(GraphCounts reference, GraphCounts ours)
{
    private static readonly HashSet<string> OfTheWriting = ["ArrayBuffer", "Uint8Array"];

    public GraphCounts Reference => reference;

    public GraphCounts Ours => ours;

    /// <summary>Share of all class names of the reference, constructors' and V8's own, of which ours has as many objects.</summary>
    public double EqualClasses => Share(reference.Classes.Keys);

    /// <summary>Share of the constructors' names of which ours has as many objects.</summary>
    public double EqualConstructors => Share(reference.Classes.Keys.Where(GraphCounts.IsConstructor));

    /// <summary>Bytes of all nodes but native and synthetic ones: ours by the reference's, less 1.</summary>
    public double BytesOff => (double)ours.Bytes / reference.Bytes - 1;

    public EdgeFigures Edges(EdgeType type)
    {
        (int all, int found, int extra) = (0, 0, 0);
        foreach ((EdgeKind kind, int count) in reference.Edges)
        {
            if (kind.Type != type) continue;
            all += count;
            found += Math.Min(count, ours.Edges.GetValueOrDefault(kind));
        }

        foreach ((EdgeKind kind, int count) in ours.Edges)
        {
            if (kind.Type == type && !kind.To.StartsWith("(number)", StringComparison.Ordinal))
                extra += Math.Max(0, count - reference.Edges.GetValueOrDefault(kind));
        }

        return new EdgeFigures(all, found, extra);
    }

    /// <summary>Whether both have as many objects of a class, as far as that can be.</summary>
    public bool IsEqual(string name)
    {
        int missing = reference.Classes.GetValueOrDefault(name) - ours.Classes.GetValueOrDefault(name);
        return missing == 0 || (missing == 1 && OfTheWriting.Contains(name));
    }

    /// <summary>The classes and the edges that differ most, for people.</summary>
    public string Describe(int limit = 15)
    {
        IEnumerable<string> classes = reference.Classes.Keys.Union(ours.Classes.Keys).Where(name => !IsEqual(name))
            .OrderByDescending(name => Math.Abs(reference.Classes.GetValueOrDefault(name) - ours.Classes.GetValueOrDefault(name)))
            .Select(name => $"{name}: V8 has {reference.Classes.GetValueOrDefault(name)}, the core {ours.Classes.GetValueOrDefault(name)}");
        IEnumerable<string> edges = reference.Edges.Keys.Union(ours.Edges.Keys)
            .Where(kind => kind.Type is EdgeType.Property or EdgeType.Element or EdgeType.Context)
            .Select(kind => (Kind: kind, Was: reference.Edges.GetValueOrDefault(kind), Is: ours.Edges.GetValueOrDefault(kind)))
            .Where(e => e.Was != e.Is && !(e.Was == 0 && e.Kind.To.StartsWith("(number)", StringComparison.Ordinal)))
            .OrderByDescending(e => Math.Abs(e.Was - e.Is))
            .Select(e => $"{e.Kind.From} --{e.Kind.Type} {e.Kind.Name}--> {e.Kind.To}: V8 has {e.Was}, the core {e.Is}");
        return string.Join('\n', classes.Take(limit).Concat(edges.Take(limit)));
    }

    private double Share(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return (double)all.Count(IsEqual) / all.Length;
    }
}

using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Who holds what accumulates, as a developer would say it.
/// </summary>
/// <param name="Step">The step of the path that leads from the owner to the holder.</param>
/// <param name="Node">The container, or what the variable or property holds.</param>
/// <param name="Name">Such as <c>Keyv._eventListeners (Map)</c> or <c>variable userCache (Map) in server.js</c>.</param>
/// <param name="Edge">The property's or variable's name.</param>
/// <param name="Owner">What has the property: a class, a function, <c>global</c>, a file for a variable.</param>
internal sealed record HolderName(int Step, NodeIndex Node, string Name, string Edge, string Owner);

/// <summary>Finds names for what holds objects: the nearest property or variable above the place where they accumulate.</summary>
internal sealed class HolderNames(Heap heap, SourceLocations locations, Work work)
{
    /// <summary>Names of plain objects that lead to the holder, at most; more would not be read.</summary>
    private const int MostParts = 3;

    private static readonly HashSet<string> Plumbing = ["__proto__", "next", "prev", "previous", "_idleNext", "_idlePrev", "listener"];

    private readonly HeapGraph _graph = heap.Graph;
    private Dictionary<NodeIndex, NodeIndex>? _functions;

    /// <summary>What holds the objects that accumulate.</summary>
    public HolderName Find(HeldPath path) => Above(path, path.GrowsAt);

    /// <summary>The nearest variable or property that leads to a step or to one above it; else the root.</summary>
    public HolderName Above(HeldPath path, int from)
    {
        for (int step = from; step >= 0; step--)
        {
            if (IsName(path, step)) return Name(path, step, step < path.GrowsAt);
        }

        int root = RootStep(path);
        string name = path.Steps[root].Label;
        return new HolderName(root, path.Steps[root].Node, name == "(Global handles)" ? "native handle (Global handles)" : name, "", "(GC roots)");
    }

    /// <summary>What the container at the end of a path is called; one without a name of its own by what it is in.</summary>
    public HolderName OfContainer(HeldPath path)
    {
        int last = path.Steps.Count - 1;
        if (IsName(path, last)) return Name(path, last, withKind: true);
        HolderName above = Above(path, last);
        return above with { Node = path.Steps[last].Node, Name = $"{path.Steps[last].Label} in {above.Name}" };
    }

    /// <summary>Says what holds the object a step leads to.</summary>
    private HolderName Name(HeldPath path, int step, bool withKind)
    {
        HeldStep at = path.Steps[step];
        string kind = withKind && IsBuiltin(at.Label) ? $" ({at.Label})" : "";
        if (IsVariable(path, step))
        {
            string? file = FileOfScope(path, step);
            string where = file is null ? "" : $" in {file}";
            return new HolderName(step, at.Node, at.Name == "this" ? $"this of {at.Label}{where}" : $"variable {at.Name}{kind}{where}", at.Name, file ?? "system / Context");
        }

        string owner = Owner(path, step - 1, MostParts, out string suffix);
        return new HolderName(step, at.Node, $"{owner}{Dotted(at.Name)}{kind}{suffix}", at.Name, path.GrowsAt == 0 ? "" : owner);
    }

    /// <summary>The step that leads to the last of V8's roots, or to the global object.</summary>
    private int RootStep(HeldPath path)
    {
        int root = 0;
        for (int i = 0; i < path.GrowsAt && _graph.NodeTypes[(int)path.Steps[i].Node] == NodeType.Synthetic; i++) root = i;
        return root;
    }

    private static bool IsName(HeldPath path, int step)
    {
        HeldStep at = path.Steps[step];
        if (!EdgeLabels.IsOwn(at.EdgeLabel) || (step > 0 && Plumbing.Contains(at.Name))) return false;
        if (step > 0 && path.Steps[step - 1].Label == at.Label && at.Label is not ("Object" or "Array" or "Map" or "system / Context")) return false;
        return path.EdgeTypeOf(step) is EdgeType.Property || IsVariable(path, step);
    }

    private static bool IsVariable(HeldPath path, int step) =>
        path.EdgeTypeOf(step) == EdgeType.Context || (path.EdgeTypeOf(step) == EdgeType.Hidden && EdgeLabels.IsOwn(path.Steps[step].EdgeLabel));

    /// <summary>What the object a step leads to is called: a class by its name, a plain object by what leads to it.</summary>
    private string Owner(HeldPath path, int step, int parts, out string suffix)
    {
        suffix = "";
        if (step < 0) return "(root)";
        HeldStep at = path.Steps[step];
        NodeType type = _graph.NodeTypes[(int)at.Node];
        if (at.Label is "global" or "Window" || path.EdgeTypeOf(step) == EdgeType.Shortcut) return "global";
        if (type == NodeType.Closure) return at.Label == "(anonymous function)" ? at.Label : at.Label[..^2];
        if (at.Label == "Module" && path.Steps[step].Name.Contains('/', StringComparison.Ordinal))
        {
            suffix = $" in {Shorten(at.Name)}";
            return "module";
        }

        if (type == NodeType.Object && !IsBuiltin(at.Label)) return at.Label;
        int named = step;
        while (named > 0 && !IsName(path, named)) named--;
        if (parts == 0 || !IsName(path, named)) return at.Label;
        string brackets = named < step ? "[]" : "";
        if (IsVariable(path, named))
        {
            suffix = FileOfScope(path, named) is { } file ? $" in {file}" : "";
            return $"variable {path.Steps[named].Name}{brackets}";
        }

        return Owner(path, named - 1, parts - 1, out suffix) + Dotted(path.Steps[named].Name) + brackets;
    }

    private static string Dotted(string name) => name switch
    {
        "*" => "[]",
        _ when name.StartsWith("<symbol ", StringComparison.Ordinal) => $"[Symbol({name[8..^1]})]",
        _ when IsWord(name) => "." + name,
        _ => $"[\"{name}\"]",
    };

    private static bool IsWord(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '$' or '#')) return false;
        }

        return name.Length > 0 && !char.IsAsciiDigit(name[0]);
    }

    /// <summary>Whether a label says nothing about whose object it is.</summary>
    public static bool IsBuiltin(string label) => label.Length == 0 || label[0] is '{' or '(' || Builtins.Names.Contains(label)
        || label.StartsWith("system / ", StringComparison.Ordinal);

    /// <summary>The file of a function that has the variable in its scope.</summary>
    private string? FileOfScope(HeldPath path, int step)
    {
        for (int i = step - 1; i >= 0; i--)
        {
            if (_graph.NodeTypes[(int)path.Steps[i].Node] == NodeType.Closure) return FileOf(path.Steps[i].Node);
            if (path.Steps[i].Label != "system / Context") break;
            if (FunctionWith(path.Steps[i].Node) is { } function) return FileOf(function);
        }

        return null;
    }

    private string? FileOf(NodeIndex function) => locations.Find(function)?.File is { } file ? Shorten(file) : null;

    /// <summary>The last part of a path or URL; names of Node's own modules stay whole.</summary>
    private static string Shorten(string file) =>
        file.StartsWith("node:", StringComparison.Ordinal) ? file : file[(file.LastIndexOfAny(['/', '\\']) + 1)..];

    private NodeIndex? FunctionWith(NodeIndex context)
    {
        _functions ??= MapFunctions();
        return _functions.TryGetValue(context, out NodeIndex function) ? function : null;
    }

    private Dictionary<NodeIndex, NodeIndex> MapFunctions()
    {
        var functions = new Dictionary<NodeIndex, NodeIndex>();
        int contextEdge = _graph.Strings.Find("context"u8);
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            if (_graph.NodeTypes[node] != NodeType.Closure) continue;
            for (int edge = _graph.FirstEdges[node]; edge < _graph.FirstEdges[node + 1]; edge++)
            {
                if (_graph.EdgeTypes[edge] == EdgeType.Internal && _graph.EdgeNames[edge] == (uint)contextEdge)
                    functions.TryAdd(_graph.EdgeTargets[edge], (NodeIndex)node);
            }
        }

        return functions;
    }
}

using System.Globalization;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging.Values;

namespace Holdfast.Tests.Cores.Debugging;

/// <summary>The walk that tests/cores/debugger.js makes over its own objects, made over a core: every own property, breadth first, by name.</summary>
internal sealed class ProbeWalk(CoreSession core)
{
    private static readonly HashSet<string> Untold = ["stack", "arguments", "caller"];

    private readonly ValueReader _values = new(core, new ValueOptions(1, int.MaxValue, int.MaxValue));

    /// <summary>What each object has, by the path that leads to it.</summary>
    public Dictionary<string, Dictionary<string, string>> From(string rootClass, int most)
    {
        int root = core.Census(Work.Unwatched).InstancesOf(name => name == rootClass).Single();
        var paths = new Dictionary<ulong, string> { [core.Heap[root].Address] = "root" };
        var queue = new Queue<ulong>(paths.Keys);
        var told = new Dictionary<string, Dictionary<string, string>>();
        while (queue.TryDequeue(out ulong id) && told.Count < most)
        {
            core.StartQuestion();
            (Dictionary<string, string> properties, List<(string Name, ulong Id)> next) = Read(_values.Read(id, 1));
            told[paths[id]] = properties;
            foreach ((string name, ulong target) in next.OrderBy(n => n.Name, StringComparer.Ordinal))
            {
                if (!paths.TryAdd(target, $"{paths[id]}/{name}")) continue;
                queue.Enqueue(target);
            }
        }

        return told;
    }

    private static (Dictionary<string, string> Properties, List<(string Name, ulong Id)> Next) Read(Value of)
    {
        var properties = new Dictionary<string, string>();
        var next = new List<(string, ulong)>();
        void Add(string name, Value value)
        {
            properties[name] = Tell(value);
            if (value.Id is { } id && IsObject(value)) next.Add((name, id));
        }

        if (of.Type is "proxy" or "typedarray" or "boxed") return (properties, next);
        foreach (ValueGroup group in of.Groups ?? [])
        {
            if (group.Name is not ("properties" or "elements" or "entries") || (group.Name == "elements" && of.Type == "arraybuffer")) continue;
            if (group.Name == "entries" && of.Type is not ("map" or "set")) continue;
            foreach (ValueItem item in group.Items)
            {
                if (group.Name == "entries")
                {
                    if (item.Key is { } key) Add($"<key {item.Name}>", key);
                    Add($"<value {item.Name}>", item.Value);
                }
                else if (!Untold.Contains(item.Name) && !item.Name.StartsWith('#'))
                {
                    Add(item.Name, item.Value);
                }
            }
        }

        return (properties, next);
    }

    private static bool IsObject(Value value) => value.Type is not ("number" or "string" or "boolean" or "null" or "undefined" or "symbol" or "bigint" or "accessor" or "hole" or "internal" or "unreadable");

    private static string Tell(Value value)
    {
        string length = (value.Length ?? 0).ToString(CultureInfo.InvariantCulture);
        return value.Type switch
        {
            "number" or "boolean" or "null" or "undefined" => value.Content!,
            "string" => $"{value.Content!.Length}:{value.Content[..Math.Min(100, value.Content.Length)]}",
            "bigint" => value.Content + "n",
            "symbol" => $"Symbol({value.Content})",
            "function" or "class" or "bound" => "function",
            "array" or "map" or "set" or "typedarray" or "arraybuffer" => $"{value.Type} {length}",
            "sharedarraybuffer" => $"arraybuffer {length}",
            "date" => $"date {value.Content}",
            "regexp" => $"regexp {value.Content}",
            "boxed" => $"boxed {value.Content}",
            "error" => $"error {value.Content}",
            "promise" or "proxy" or "weakmap" => value.Type,
            "accessor" => value.Text,
            "unreadable" or "internal" or "hole" => $"{value.Type} {value.Text}",
            _ => "object",
        };
    }
}

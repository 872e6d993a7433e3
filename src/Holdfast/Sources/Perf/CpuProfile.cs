using System.Text.Json;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>A .cpuprofile: nodes of a tree of callers, and which of them each sample was in. Weights are microseconds, as DevTools counts them.</summary>
internal sealed class CpuProfile
{
    private readonly Dictionary<long, int> _places = [];
    private readonly List<JsonElement> _nodes = [];
    private readonly string _name;
    private int[] _parents = [];

    private CpuProfile(string name) => _name = name;

    public static StackProfile Read(JsonElement root, JsonElement nodes, string name, Work work) => new CpuProfile(name).Read(root, nodes, work);

    private StackProfile Read(JsonElement root, JsonElement nodes, Work work)
    {
        foreach (JsonElement node in nodes.EnumerateArray())
        {
            long id = node.GetProperty("id").GetInt64();
            if (!_places.TryAdd(id, _nodes.Count)) throw new InputException($"{_name}: node {id} is there twice in 'nodes'; the file is damaged.");
            _nodes.Add(node);
        }

        if (_nodes.Count == 0) throw new InputException($"{_name}: is a .cpuprofile without nodes: nothing was sampled.");
        FindParents();
        var builder = new StackProfileBuilder();
        int[] stacks = AddStacks(builder);
        bool hasTimes = TryCount(root, builder, stacks, out double seconds);
        if (!hasTimes) CountHits(builder, stacks);
        if (builder.StackCount == 0) throw new InputException($"{_name}: is a .cpuprofile without samples.");
        V8ProfileReader.WarnOfOverflow(builder, _name, work);
        return builder.Build(hasTimes
            ? new ProfileFacts("cpuprofile", "processor time", "microseconds", false, [], seconds)
            : new ProfileFacts("cpuprofile", "processor time", "samples", false, [], null));
    }

    private void FindParents()
    {
        _parents = new int[_nodes.Count];
        Array.Fill(_parents, -1);
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].TryGetProperty("parent", out JsonElement parent)) _parents[i] = Place(parent.GetInt64());
            if (!_nodes[i].TryGetProperty("children", out JsonElement children)) continue;
            foreach (JsonElement child in children.EnumerateArray()) _parents[Place(child.GetInt64())] = i;
        }
    }

    private int Place(long id) => _places.TryGetValue(id, out int place)
        ? place
        : throw new InputException($"{_name}: node {id} is referred to and is not in 'nodes'; the file is damaged or cut short.");

    /// <summary>The stack of each node, callers first; the root itself is no frame.</summary>
    private int[] AddStacks(StackProfileBuilder builder)
    {
        int[] stacks = new int[_nodes.Count];
        Array.Fill(stacks, -2);
        var chain = new Stack<int>();
        for (int i = 0; i < stacks.Length; i++)
        {
            for (int at = i; at >= 0 && stacks[at] == -2; at = _parents[at])
            {
                chain.Push(at);
                if (chain.Count > Math.Min(_nodes.Count, Limits.MaxStackDepth))
                    throw new InputException($"{_name}: the callers of node {_nodes[i].GetProperty("id")} lead in a circle, or are more than {nameof(Limits.MaxStackDepth)} = {Limits.MaxStackDepth}; the file is damaged.");
            }

            while (chain.TryPop(out int at))
            {
                JsonElement call = _nodes[at].GetProperty("callFrame");
                bool isRoot = _parents[at] < 0 && call.GetProperty("functionName").ValueEquals("(root)");
                stacks[at] = isRoot ? -1 : builder.AddStack(_parents[at] < 0 ? -1 : stacks[_parents[at]], V8ProfileReader.AddFrame(builder, call));
            }
        }

        return stacks;
    }

    /// <summary>Counts the time from each sample to the next; the last has the time before it.</summary>
    private bool TryCount(JsonElement root, StackProfileBuilder builder, int[] stacks, out double seconds)
    {
        seconds = 0;
        if (!root.TryGetProperty("samples", out JsonElement samples) || !root.TryGetProperty("timeDeltas", out JsonElement deltas)) return false;
        int count = Math.Min(samples.GetArrayLength(), deltas.GetArrayLength());
        if (count == 0) return false;
        long[] times = new long[count];
        int place = 0;
        foreach (JsonElement delta in deltas.EnumerateArray())
        {
            if (place == count) break;
            times[place++] = delta.TryGetInt64(out long time) ? Math.Max(0, time) : 0;
        }

        place = 0;
        foreach (JsonElement sample in samples.EnumerateArray())
        {
            if (place == count) break;
            long time = times[place + 1 < count ? place + 1 : place];
            int stack = stacks[Place(sample.GetInt64())];
            if (stack >= 0) builder.AddWeight(stack, time, 1);
            seconds += time / 1e6;
            place++;
        }

        return true;
    }

    private void CountHits(StackProfileBuilder builder, int[] stacks)
    {
        for (int i = 0; i < stacks.Length; i++)
        {
            long hits = V8ProfileReader.Number(_nodes[i], "hitCount");
            if (stacks[i] >= 0 && hits > 0) builder.AddWeight(stacks[i], hits, hits);
        }
    }
}

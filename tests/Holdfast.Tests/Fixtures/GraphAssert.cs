using Holdfast.Model;

namespace Holdfast.Tests.Fixtures;

/// <summary>Compares graphs column by column.</summary>
internal static class GraphAssert
{
    public static void Same(HeapGraph expected, HeapGraph actual)
    {
        Assert.Equal(expected.NodeCount, actual.NodeCount);
        Assert.Equal(expected.EdgeCount, actual.EdgeCount);
        Assert.Equal(expected.Root, actual.Root);
        Assert.Equal(expected.ExtraNativeBytes, actual.ExtraNativeBytes);
        Assert.Equal(expected.NodeTypeNames, actual.NodeTypeNames);
        Assert.Equal(expected.EdgeTypeNames, actual.EdgeTypeNames);
        SameSpan(expected.NodeTypes, actual.NodeTypes, "node types");
        SameSpan(expected.NodeNames, actual.NodeNames, "node names");
        SameSpan(expected.FirstEdges, actual.FirstEdges, "first edges");
        SameSpan(expected.TraceNodes, actual.TraceNodes, "trace nodes");
        SameSpan(expected.Detachedness, actual.Detachedness, "detachedness");
        SameSpan(expected.EdgeTypes, actual.EdgeTypes, "edge types");
        SameSpan(expected.EdgeNames, actual.EdgeNames, "edge names");
        SameSpan(expected.EdgeTargets, actual.EdgeTargets, "edge targets");
        Assert.Equal(expected.Locations.Count, actual.Locations.Count);
        for (int node = 0; node < expected.NodeCount; node++)
        {
            if (expected.Ids[node] != actual.Ids[node]) Assert.Fail($"id of node {node}: expected {expected.Ids[node]}, got {actual.Ids[node]}");
            if (expected.SelfSizes[node] != actual.SelfSizes[node])
                Assert.Fail($"size of node {node}: expected {expected.SelfSizes[node]}, got {actual.SelfSizes[node]}");
            bool has = expected.Locations.TryGet((NodeIndex)node, out Location location);
            if (has != actual.Locations.TryGet((NodeIndex)node, out Location other) || location != other)
                Assert.Fail($"location of node {node}: expected {location}, got {other}");
        }

        Assert.Equal(expected.Strings.Count, actual.Strings.Count);
        for (int i = 0; i < expected.Strings.Count; i++)
        {
            if (!expected.Strings.Utf8(i).SequenceEqual(actual.Strings.Utf8(i)))
                Assert.Fail($"string {i}: expected \"{expected.Strings.Decode(i)}\", got \"{actual.Strings.Decode(i)}\"");
        }

        Assert.Equal(expected.Allocations.Functions, actual.Allocations.Functions);
        Assert.Equal(expected.Allocations.Nodes, actual.Allocations.Nodes);
        Assert.Equal(expected.Allocations.Samples, actual.Allocations.Samples);
    }

    /// <summary>All but names is the same, and names are as long as they were.</summary>
    public static void SameButNames(HeapGraph expected, HeapGraph actual)
    {
        Assert.Equal((expected.NodeCount, expected.EdgeCount, expected.Root, expected.ExtraNativeBytes), (actual.NodeCount, actual.EdgeCount, actual.Root, actual.ExtraNativeBytes));
        SameSpan(expected.NodeTypes, actual.NodeTypes, "node types");
        SameSpan(expected.FirstEdges, actual.FirstEdges, "first edges");
        SameSpan(expected.EdgeTypes, actual.EdgeTypes, "edge types");
        SameSpan(expected.EdgeTargets, actual.EdgeTargets, "edge targets");
        SameSpan(expected.TraceNodes, actual.TraceNodes, "trace nodes");
        SameSpan(expected.Detachedness, actual.Detachedness, "detachedness");
        Assert.Equal(expected.Allocations.Nodes, actual.Allocations.Nodes);
        Assert.Equal(expected.Allocations.Samples, actual.Allocations.Samples);
        for (int node = 0; node < expected.NodeCount; node++)
        {
            if (expected.Ids[node] != actual.Ids[node] || expected.SelfSizes[node] != actual.SelfSizes[node]) Assert.Fail($"node {node} has another id or size");
            bool has = expected.Locations.TryGet((NodeIndex)node, out Location location);
            if (has != actual.Locations.TryGet((NodeIndex)node, out Location other) || location != other) Assert.Fail($"node {node} has another location: {other} for {location}");
            int was = expected.Strings.Utf16Length(expected.NodeNames[node]), now = actual.Strings.Utf16Length(actual.NodeNames[node]);
            if (was != now) Assert.Fail($"node {node} has a name of another length: {actual[(NodeIndex)node].Name} for {expected[(NodeIndex)node].Name}");
        }
    }

    private static void SameSpan<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged
    {
        Assert.True(expected.Length == actual.Length, $"{what}: expected {expected.Length}, got {actual.Length}");
        int same = expected.CommonPrefixLength(actual);
        if (same < expected.Length) Assert.Fail($"{what} [{same}]: expected {expected[same]}, got {actual[same]}");
    }
}

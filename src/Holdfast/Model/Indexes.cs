namespace Holdfast.Model;

/// <summary>The place of a node in its graph, 0 to node count - 1. Not an object id: ids survive between snapshots, indexes do not.</summary>
public enum NodeIndex
{
    /// <summary>No node.</summary>
    None = -1,
}

/// <summary>The place of an edge in its graph; edges of one node follow each other.</summary>
public enum EdgeIndex
{
    /// <summary>No edge.</summary>
    None = -1,
}

using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>The node of each object of the heap that is in the graph: objects in the order of their addresses, after the roots.</summary>
internal sealed class NodeNumbers : IDisposable
{
    private readonly Column<int> _nodes;
    private readonly int _theHole;

    /// <param name="kept">The objects in the graph.</param>
    /// <param name="objects">Objects of the heap.</param>
    /// <param name="first">The first node there is for an object.</param>
    /// <param name="theHole">The hole's index, -1 where it is not found.</param>
    public NodeNumbers(BitColumn kept, int objects, int first, int theHole)
    {
        _nodes = Column<int>.Filled(Math.Max(1, objects), -1);
        _theHole = theHole;
        int next = first;
        for (int i = 0; i < objects; i++)
        {
            if (!kept[i]) continue;
            _nodes[i] = next++;
        }

        End = next;
    }

    /// <summary>The node after the last object's.</summary>
    public int End { get; }

    /// <summary>The object's node, or none.</summary>
    public NodeIndex Of(int index) => index < 0 ? NodeIndex.None : (NodeIndex)_nodes[index];

    public bool IsTheHole(int index) => index == _theHole;

    public void Dispose() => _nodes.Dispose();
}

using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>Keeps the nodes with the highest weights out of millions; of equals, the first in the graph.</summary>
internal sealed class TopNodes(int limit)
{
    private readonly PriorityQueue<NodeIndex, (long Weight, int Order)> _queue = new();

    public void Add(NodeIndex node, long weight)
    {
        if (limit <= 0) return;
        var priority = (weight, -(int)node);
        if (_queue.Count < limit)
        {
            _queue.Enqueue(node, priority);
        }
        else if (_queue.TryPeek(out _, out (long Weight, int Order) least) && priority.CompareTo(least) > 0)
        {
            _queue.EnqueueDequeue(node, priority);
        }
    }

    public IEnumerable<NodeIndex> Descending() =>
        _queue.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element);
}

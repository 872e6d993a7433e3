using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Names in a core that somebody may want to type, found without a graph.</summary>
internal static class CoreNames
{
    private const int LongestName = 100;
    private const int DescriptorBytes = 24;

    /// <summary>Names of properties that objects' hidden classes have.</summary>
    /// <param name="core">The core.</param>
    /// <param name="most">Names that are given.</param>
    /// <param name="work">Cancellation.</param>
    public static IReadOnlyCollection<string> Properties(CoreSession core, int most, Work work)
    {
        V8Heap heap = core.Heap;
        var keys = new HashSet<ulong>();
        var names = new HashSet<string>();
        for (int i = 0; i < heap.Count && names.Count < most; i++)
        {
            work.ThrowIfCancelled(i);
            if (heap.KindOf(i) != ObjectKind.DescriptorArray) continue;
            HeapObject descriptors = heap[i];
            for (int at = heap.Layout.DescriptorsHeader; at + DescriptorBytes <= descriptors.Size; at += DescriptorBytes)
            {
                if (keys.Add(descriptors[at]) && core.Strings.Read(descriptors[at], LongestName) is { Length: > 0 and < LongestName } name) names.Add(name);
            }
        }

        return names;
    }
}

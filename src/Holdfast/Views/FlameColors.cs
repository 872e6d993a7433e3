using Holdfast.Reports;

namespace Holdfast.Views;

/// <summary>Colours of frames: always the same for the same name.</summary>
internal static class FlameColors
{
    public static (int Red, int Green, int Blue) Of(FlameGraph graph, int node)
    {
        int name = graph.NodeNames[node];
        if (graph.Before is { } before) return OfChange(graph.Totals[node], before[node]);
        double shade = Shade(graph.Names[name]);
        if (graph.Palette == FlamePalette.Hot) return ((int)(205 + 50 * shade), (int)(90 + 120 * (1 - shade)), 50);
        if (graph.Palette == FlamePalette.Memory) return ((int)(40 + 30 * shade), (int)(170 + 60 * shade), (int)(110 + 110 * (1 - shade)));
        (int red, int green, int blue) = graph.NameFacts[name].Category switch
        {
            FlameCategory.JavaScript => (110, 200, 110),
            FlameCategory.Builtin => (130, 190, 220),
            FlameCategory.Native => (235, 190, 90),
            FlameCategory.Collector => (205, 120, 200),
            FlameCategory.Kernel => (235, 130, 80),
            FlameCategory.Heap => (120, 180, 200),
            _ => (190, 190, 190),
        };
        int darker = (int)(25 * shade);
        return (red - darker, green - darker, blue - darker);
    }

    /// <summary>Red where it grew, blue where it shrank, paler the smaller the share of it that changed.</summary>
    private static (int Red, int Green, int Blue) OfChange(long after, long before)
    {
        double larger = Math.Max(1, Math.Max(after, before)), change = ((double)after - before) / larger;
        int pale = (int)(240 - 170 * Math.Min(1, Math.Abs(change)));
        return change > 0.01 ? (245, pale, pale) : change < -0.01 ? (pale, pale, 245) : (235, 235, 235);
    }

    private static double Shade(ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261;
        foreach (byte b in name[..Math.Min(64, name.Length)]) hash = (hash ^ b) * 16777619;
        return (hash >> 8 & 0xFFFF) / 65535.0;
    }
}

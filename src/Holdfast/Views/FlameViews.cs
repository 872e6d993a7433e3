using Holdfast.Reports;

namespace Holdfast.Views;

/// <summary>Draws flame graphs by the name of a format.</summary>
public static class FlameViews
{
    /// <param name="format">folded, svg, html or speedscope.</param>
    /// <param name="graph">What to draw.</param>
    /// <param name="output">Where to.</param>
    public static void Write(string format, FlameGraph graph, Stream output)
    {
        switch (format)
        {
            case "folded":
                FoldedView.Write(graph, output);
                break;
            case "svg":
                SvgView.Write(graph, output);
                break;
            case "html":
                HtmlView.Write(graph, output);
                break;
            case "speedscope":
                SpeedscopeView.Write(graph, output);
                break;
            default:
                throw new ArgumentException($"there is no drawing called {format}", nameof(format));
        }
    }
}

using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>Where functions and constructors stand in the program's files.</summary>
public sealed class SourceLocationsTests
{
    [Theory]
    [InlineData("script", false)]
    [InlineData("script_or_debug_info", false)]
    [InlineData("script_or_debug_info", true)]
    public void The_file_is_the_name_of_the_script_of_any_function_in_it(string edge, bool debugged)
    {
        var builder = new HeapBuilder();
        NodeIndex function = builder.Node(NodeType.Closure, "f", 32), shared = builder.Node(NodeType.Code, "f", 8);
        NodeIndex script = builder.Node(NodeType.Code, "script", 8), name = builder.Node(NodeType.String, "/srv/app.js", 24);
        builder.Element(builder.Root, 1, function).Internal(function, "shared", shared).Internal(script, "name", name);
        if (debugged)
        {
            NodeIndex info = builder.Node(NodeType.Code, "system / DebugInfo", 8);
            builder.Internal(shared, edge, info).Internal(info, "script", script);
        }
        else
        {
            builder.Internal(shared, edge, script);
        }

        NodeIndex instance = builder.RootObject("Foo"), elsewhere = builder.RootObject("Bar"), nowhere = builder.RootObject("Baz");
        builder.Parts.AddLocation(function, new Location(7, 10, 3));
        builder.Parts.AddLocation(instance, new Location(7, 20, 4));
        builder.Parts.AddLocation(elsewhere, new Location(8, 1, 1));
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        var locations = new SourceLocations(heap.Graph, Work.Unwatched);
        Assert.Equal(new SourceLocation(new Location(7, 20, 4), "/srv/app.js"), locations.Find(instance));
        Assert.Equal(new SourceLocation(new Location(8, 1, 1), null), locations.Find(elsewhere));
        Assert.Null(locations.Find(nowhere));
    }
}

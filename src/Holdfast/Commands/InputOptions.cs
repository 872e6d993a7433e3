using Holdfast.Sources.CoreDump;

namespace Holdfast.Commands;

/// <summary>Options that every command has that reads heaps: they matter where an input is a core dump.</summary>
public static class InputOptions
{
    public static IReadOnlyList<Parameter> All { get; } =
    [
        new("exe", ParameterKind.Text, "for core dumps: the node binary the process ran, where it is not where the core says"),
        new("thread", ParameterKind.Text, "for core dumps: the heap of this thread (main, a worker's name, or its number)"),
        Parameter.Flag("include-garbage", "for core dumps: also show objects that nothing holds any more"),
        Parameter.Flag("force", "for core dumps: go on where the heap does not fit what is known of its version of V8"),
    ];

    public static CoreOptions Read(Arguments arguments) => new()
    {
        Program = arguments.TextOrNull("exe"),
        Thread = arguments.TextOrNull("thread"),
        IncludeGarbage = arguments.Flag("include-garbage"),
        Force = arguments.Flag("force"),
    };
}

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>Something that keeps an object alive from outside the heap.</summary>
/// <param name="Category">V8's name of the kind of root: <c>(Global handles)</c>.</param>
/// <param name="Name">The root's own name, null where it has none but a number.</param>
/// <param name="Object">The object's index.</param>
/// <param name="IsWeak">Whether it lets the object go.</param>
internal readonly record struct RootEdge(string Category, string? Name, int Object, bool IsWeak);

/// <summary>V8's names for kinds of roots, as its snapshots show them.</summary>
internal static class RootCategory
{
    public const string Bootstrapper = "(Bootstrapper)";
    public const string Builtins = "(Builtins)";
    public const string CompilationCache = "(Compilation cache)";
    public const string Debugger = "(Debugger)";
    public const string EternalHandles = "(Eternal handles)";
    public const string Extensions = "(Extensions)";
    public const string GlobalHandles = "(Global handles)";
    public const string HandleScope = "(Handle scope)";
    public const string InternalizedStrings = "(Internalized strings)";
    public const string MicroTasks = "(Micro tasks)";
    public const string ReadOnlyRoots = "(Read-only roots)";
    public const string ShareableObjectCache = "(Shareable object cache)";
    public const string StackRoots = "(Stack roots)";
    public const string StartupObjectCache = "(Startup object cache)";
    public const string StrongRootList = "(Strong root list)";
    public const string StrongRoots = "(Strong roots)";
    public const string TracedHandles = "(Traced handles)";

    /// <summary>Words of an isolate that look like references and are none of the other kinds. V8 has no such name.</summary>
    public const string Isolate = "(Isolate)";

    /// <summary>Holds what nothing holds any more, where that is asked for. V8 has no such name: its snapshots come after a collection.</summary>
    public const string Garbage = "(Garbage)";

    private static readonly string[] Before12 =
    [
        InternalizedStrings, "(External strings)", ReadOnlyRoots, StrongRoots, "(Smi roots)", Bootstrapper, StackRoots, "(Relocatable)",
        Debugger, CompilationCache, HandleScope, Builtins, GlobalHandles, EternalHandles, "(Thread manager)", Extensions, "(Code flusher)",
        StartupObjectCache, "(Read-only object cache)", ShareableObjectCache, "(Weak collections)", "(Wrapper tracing)", "(Write barrier)",
        "(Retain maps)", "(Client heap)", "(Unknown)",
    ];

    private static readonly string[] Since12 =
    [
        Bootstrapper, Builtins, "(Client heap)", "(Code flusher)", CompilationCache, Debugger, Extensions, EternalHandles,
        "(External strings)", GlobalHandles, HandleScope, MicroTasks, ReadOnlyRoots, "(Relocatable)", "(Retain maps)", ShareableObjectCache,
        "(SharedStruct type registry)", "(Smi roots)", StackRoots, StartupObjectCache, InternalizedStrings, StrongRootList, StrongRoots,
        "(Thread manager)", TracedHandles, "(Weak roots)", "(Write barrier)",
    ];

    /// <summary>All kinds a version's snapshots have, in their order.</summary>
    public static IReadOnlyList<string> All(int version) => version < 1204 ? Before12 : Since12;
}

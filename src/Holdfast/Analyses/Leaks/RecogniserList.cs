using Holdfast.Analyses.Leaks.Recognisers;

namespace Holdfast.Analyses.Leaks;

/// <summary>Every recogniser. Of those that hold objects the first that fits counts; of those that describe objects all that fit.</summary>
internal static class RecogniserList
{
    /// <summary>Ways of holding, the most particular first.</summary>
    public static IReadOnlyList<Recogniser> Holders { get; } =
    [
        BuiltinModules.Instance,
        TimerLists.Instance,
        Immediates.Instance,
        EmitterListeners.Instance,
        EmitterEvents.Instance,
        AbortListeners.Instance,
        TargetListeners.Instance,
        AsyncWaiters.Instance,
        PromiseReactions.Instance,
        FinalizationCells.Instance,
        WeakMapEntries.Instance,
        ModuleCache.Instance,
        NativeHandles.Instance,
        NumberStores.Instance,
        SetEntries.Instance,
        MapEntries.Instance,
        DictionaryEntries.Instance,
        ArrayElements.Instance,
        VariableOrProperty.Instance,
    ];

    /// <summary>Kinds of objects.</summary>
    public static IReadOnlyList<Recogniser> Subjects { get; } =
    [
        Streams.Instance,
        Connections.Instance,
        BufferStores.Instance,
        SlicedStrings.Instance,
        ConcatenatedStrings.Instance,
        AsyncStores.Instance,
        VmContexts.Instance,
        DomTrees.Instance,
        WaitingFunctions.Instance,
        ClosureScopes.Instance,
    ];
}

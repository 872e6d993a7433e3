namespace Holdfast.Analyses.Residency;

/// <summary>What a process's memory is, or what of it grows.</summary>
public enum ResidencyVerdict
{
    /// <summary>Two looks, and nothing grew by as much as matters.</summary>
    NotGrowing,

    /// <summary>Objects of JavaScript.</summary>
    JsHeap,

    /// <summary>What objects hold outside of V8's heap: array buffers, Buffers, external strings.</summary>
    ExternalBuffers,

    /// <summary>What native code has: add-ons, libraries, Node and V8 themselves.</summary>
    Native,

    /// <summary>What nobody uses: free blocks of malloc, free parts of V8's pages.</summary>
    Fragmentation,

    /// <summary>Programs, files, stacks: no heap at all.</summary>
    OtherMemory,
}

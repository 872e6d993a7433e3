namespace Holdfast.Model;

/// <summary>What a frame of a stack is.</summary>
public enum FrameKind : byte
{
    /// <summary>Nothing is known of it: an address without a name.</summary>
    Unknown,

    /// <summary>A function of JavaScript.</summary>
    JavaScript,

    /// <summary>Code of V8 that stands for JavaScript: builtins, bytecode handlers, regular expressions.</summary>
    Builtin,

    /// <summary>Compiled code: Node, V8, libraries.</summary>
    Native,

    /// <summary>V8's garbage collector.</summary>
    Collector,

    /// <summary>The operating system.</summary>
    Kernel,

    /// <summary>A process or thread, the outermost frame.</summary>
    Process,

    /// <summary>Objects of a heap.</summary>
    Heap,
}

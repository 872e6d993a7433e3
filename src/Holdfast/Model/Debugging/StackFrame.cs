namespace Holdfast.Model.Debugging;

/// <summary>One frame of a stack: a function that had been called and had not returned.</summary>
/// <param name="Number">From 0, the innermost.</param>
/// <param name="Kind">How its code runs; one of <see cref="FrameKind"/>.</param>
/// <param name="Name">What to call it: JavaScript as V8's stack traces do (<c>Stage.act</c>, <c>new Stage</c>), native code by its symbol.</param>
public sealed record StackFrame(int Number, string Kind, string Name)
{
    /// <summary>Whether it is a function that was compiled into its caller.</summary>
    public bool IsInlined { get; init; }

    /// <summary>The function's own name; empty where it has none, null where it is not JavaScript.</summary>
    public string? Function { get; init; }

    /// <summary>The function (JSFunction), where the frame has it; of inlined frames its shared part.</summary>
    public ulong? FunctionAddress { get; init; }

    /// <summary>Whether it was called with <c>new</c>.</summary>
    public bool IsConstructor { get; init; }

    public FrameValue? This { get; init; }

    /// <summary>What it was called with; null where that is not known.</summary>
    public IReadOnlyList<FrameValue>? Arguments { get; init; }

    /// <summary>How many arguments there were, if more than are listed.</summary>
    public int ArgumentCount { get; init; }

    /// <summary>The script's name, null where the function is in none.</summary>
    public string? Script { get; init; }

    /// <summary>The script's address.</summary>
    public ulong? ScriptAddress { get; init; }

    /// <summary>From 1; 0 where it is not known.</summary>
    public int Line { get; init; }

    /// <summary>From 1; 0 where it is not known.</summary>
    public int Column { get; init; }

    /// <summary>Where in its source it is, in characters; -1 where that is not known.</summary>
    public int Position { get; init; } = -1;

    /// <summary>Where its machine code goes on.</summary>
    public ulong InstructionPointer { get; init; }

    /// <summary>The frame's address.</summary>
    public ulong FramePointer { get; init; }

    /// <summary>The file its machine code is from, and how far in; null for code that V8 made.</summary>
    public string? Module { get; init; }

    /// <summary>Why not all of it could be read; null where it could.</summary>
    public string? Problem { get; init; }
}

/// <summary>Kinds of frames.</summary>
public static class FrameKind
{
    public const string Interpreted = "interpreted";
    public const string Baseline = "baseline";
    public const string Maglev = "maglev";
    public const string Turbofan = "turbofan";

    /// <summary>A function of V8's own that JavaScript calls.</summary>
    public const string Builtin = "builtin";

    /// <summary>A function of the program in C++ that JavaScript calls.</summary>
    public const string Api = "api";

    /// <summary>Where JavaScript has called C++.</summary>
    public const string Exit = "exit";

    /// <summary>Where C++ has called JavaScript.</summary>
    public const string Entry = "entry";

    /// <summary>The making of the object of a <c>new</c>.</summary>
    public const string Construct = "construct";

    /// <summary>V8's own machine code between others.</summary>
    public const string Internal = "internal";

    public const string Wasm = "wasm";

    public const string Native = "native";

    public const string Unknown = "???";

    /// <summary>Whether frames of this kind are functions of JavaScript, which V8's stack traces show.</summary>
    public static bool IsJavaScript(string kind) => kind is Interpreted or Baseline or Maglev or Turbofan or Builtin or Api;
}

using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>What V8 marks its frames with that are no JavaScript function's. Source: V8, src/execution/frames.h.</summary>
internal sealed class FrameTypes
{
    private const string Prefix = "frametype_";
    private const string Suffix = "Frame";

    private static readonly string[] Names =
    [
        "EntryFrame", "ConstructEntryFrame", "ExitFrame", "InterpretedFrame", "BaselineFrame", "MaglevFrame", "OptimizedFrame", "TurbofanFrame", "TurbofanJSFrame",
        "StubFrame", "TurbofanStubWithContextFrame", "BuiltinContinuationFrame", "JavaScriptBuiltinContinuationFrame",
        "JavaScriptBuiltinContinuationWithCatchFrame", "InternalFrame", "ConstructFrame", "FastConstructFrame", "BuiltinFrame", "BuiltinExitFrame",
        "ApiCallbackExitFrame", "ApiConstructExitFrame", "ApiAccessorExitFrame", "ApiNamedAccessorExitFrame", "ApiIndexedAccessorExitFrame",
        "NativeFrame", "IrregexpFrame", "WasmFrame", "WasmToJsFrame", "JsToWasmFrame", "WasmExitFrame", "WasmStackEntryFrame", "WasmStackExitFrame",
        "WasmToJsFunctionFrame", "CWasmEntryFrame", "WasmCompileLazyFrame", "WasmDebugBreakFrame", "WasmLiftoffSetupFrame", "WasmSegmentStartFrame",
        "WasmJspiFrame", "StackSwitchFrame",
    ];

    private readonly Dictionary<ulong, string> _names = [];

    public FrameTypes(V8Layout layout)
    {
        foreach (string name in Names)
        {
            if (layout.Offset(Prefix + name, 0) is > 0 and var type) _names[(ulong)type] = name[..^Suffix.Length];
        }
    }

    /// <summary>The type a frame is marked with; null where the word is no mark.</summary>
    public string? Of(ulong word) => (word & 1) == 0 ? _names.GetValueOrDefault(word >> 1) : null;

    /// <summary>What to call it.</summary>
    public static string KindOf(string type) => type switch
    {
        "Entry" or "ConstructEntry" or "CWasmEntry" => FrameKind.Entry,
        "Construct" or "FastConstruct" => FrameKind.Construct,
        "Exit" or "WasmExit" => FrameKind.Exit,
        "BuiltinExit" or "BuiltinContinuation" or "JavaScriptBuiltinContinuation" or "JavaScriptBuiltinContinuationWithCatch" or "Builtin" => FrameKind.Builtin,
        "Wasm" => FrameKind.Wasm,
        _ => type.StartsWith("Api", StringComparison.Ordinal) ? FrameKind.Api : FrameKind.Internal,
    };
}

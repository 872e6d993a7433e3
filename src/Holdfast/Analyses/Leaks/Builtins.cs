namespace Holdfast.Analyses.Leaks;

/// <summary>Constructors of the language: they say what an object is made of, not whose it is.</summary>
internal static class Builtins
{
    public static readonly HashSet<string> Names =
    [
        "Object", "Array", "Function", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Promise", "Symbol", "Number", "String", "Boolean", "BigInt",
        "Date", "RegExp", "Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError",
        "ArrayBuffer", "SharedArrayBuffer", "DataView", "Atomics", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array",
        "Int32Array", "Uint32Array", "Float16Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "Buffer",
        "Generator", "GeneratorFunction", "AsyncGenerator", "AsyncFunction", "AsyncGeneratorFunction", "Iterator", "FinalizationRegistry", "Proxy", "Reflect",
        "Map Iterator", "Set Iterator", "Array Iterator", "String Iterator", "TypedArray", "AsyncIterator", "DisposableStack", "AsyncDisposableStack", "SuppressedError", "Arguments", "SafeMap", "SafeSet", "SafeWeakMap", "SafePromise", "Intl", "Math", "JSON", "WebAssembly", "Temporal", "console", "global",
    ];
}

using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Buffers and other views, each of which keeps its whole ArrayBuffer.</summary>
internal static partial class BufferStores
{
    public static Recogniser Instance { get; } = new("buffers", Pattern(),
        "They are views of memory outside the heap, and even a small slice keeps all of it",
        "Copy what must be kept (Buffer.from(slice)), so that the large store can go.");

    [GeneratedRegex(@">(Buffer|ArrayBuffer|SharedArrayBuffer|DataView|(Int|Uint|Float|BigInt|BigUint)\d+(Clamped)?Array|system / JSArrayBufferData)\n=", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Streams that were neither read to their end nor destroyed.</summary>
internal static partial class Streams
{
    public static Recogniser Instance { get; } = new("streams", Pattern(),
        "They are streams that were not destroyed",
        "End them, read them to the end or call destroy(), best by stream.pipeline, which does it on every way out.");

    [GeneratedRegex(@"^=\{([^\n]*,)?(_readableState|_writableState)[,}]|>(ReadableState|WritableState)\n=", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Async functions that wait for a promise that never settles.</summary>
internal static partial class AsyncWaiters
{
    public static Recogniser Instance { get; } = new("async_functions", Pattern(),
        "by async functions that wait for a promise that never settles, {owner}",
        "Look for an await of this promise in code that runs again and again; race it with a timeout or an AbortSignal, and settle it when it is of no more use.")
    { Name = "reactions of a promise that never settles ({owner})" };

    [GeneratedRegex(@"^ (?<holder>[^\n]*>Promise)\n([ +](#reactions_or_result|\[\])>system / PromiseReaction( \*)?\n)+\+[^\n]*\n\+#context>[^\n]*\n\+#extension>", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Stores of an AsyncLocalStorage, kept by timers, promises and handles made in run().</summary>
internal static partial class AsyncStores
{
    public static Recogniser Instance { get; } = new("async_local_storage", Pattern(),
        "They are stores of an AsyncLocalStorage, which whatever was started inside run() keeps",
        "End what was started there (timers, promises, connections), start it outside of run(), or call exit() around it.");

    [GeneratedRegex(@"^\+[^\n]*(<symbol kResourceStore›|>AsyncContextFrame)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

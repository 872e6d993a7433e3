namespace Holdfast.Model.Debugging;

/// <summary>A fact: what it is called, and what it is.</summary>
public sealed record NamedText(string Name, string Text);

/// <summary>Something that keeps Node's event loop going, or a request that it waits for.</summary>
/// <param name="Kind"><c>tcp</c>, <c>pipe</c>, <c>udp</c>, <c>tty</c>, <c>process</c>, <c>fs_event</c>, <c>signal</c>, <c>timer</c>, <c>request</c>, …</param>
/// <param name="Class">The constructor of Node's wrapper.</param>
/// <param name="Id">Its address.</param>
/// <param name="Owner">The object a program knows, on one line: <c>Socket</c>, <c>Server</c>; the wrapper where there is no other.</param>
/// <param name="OwnerId">Address of that.</param>
/// <param name="Details">What is known of it: addresses, file descriptor, callback, when it is due.</param>
public sealed record ActiveHandle(string Kind, string Class, ulong Id, string Owner, ulong OwnerId, IReadOnlyList<NamedText> Details)
{
    /// <summary>Whether it keeps the process alive; null where that is not known.</summary>
    public bool? IsReferenced { get; init; }
}

/// <summary>A module that was loaded.</summary>
/// <param name="Kind"><c>commonjs</c> or <c>esm</c>.</param>
/// <param name="Name">File or URL.</param>
/// <param name="Id">Address of Node's object for it.</param>
/// <param name="IsLoaded">Whether it has run to its end; null where that is not known.</param>
/// <param name="Children">Modules it was the first to require.</param>
public sealed record LoadedModule(string Kind, string Name, ulong Id, bool? IsLoaded, long Children);

/// <summary>Work that waits for JavaScript to be done.</summary>
/// <param name="Queue"><c>microtask</c>, <c>next_tick</c>, <c>immediate</c>.</param>
/// <param name="Kind">What it is in V8 or Node.</param>
/// <param name="Callback">The function that is to be called, on one line; empty where there is none.</param>
/// <param name="Location">Where that stands.</param>
/// <param name="Id">Address of the task.</param>
public sealed record PendingWork(string Queue, string Kind, string Callback, string Location, ulong Id);

/// <summary>What is known of the process.</summary>
/// <param name="Facts">Versions, arguments, paths, ids.</param>
/// <param name="Environment">Variables of its environment when it began, with values where they were asked for.</param>
public sealed record ProcessFacts(IReadOnlyList<NamedText> Facts, IReadOnlyList<NamedText> Environment);

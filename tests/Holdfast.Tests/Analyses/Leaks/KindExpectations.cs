namespace Holdfast.Tests.Analyses.Leaks;

/// <summary>What to say of one kind of tests/leak-kinds.</summary>
/// <param name="Recogniser">How it is held.</param>
/// <param name="Holder">A part of the holder's name.</param>
internal sealed record KindExpectation(string Recogniser, string Holder)
{
    /// <summary>What names the objects where the truth has no constructor, or says so only in words.</summary>
    public string[] Names { get; init; } = [];

    /// <summary>Whether other kinds are held at the same place, so that the suspect has all of them.</summary>
    public bool Shares { get; init; }

    /// <summary>What is known of the objects, by its recogniser.</summary>
    public string? Note { get; init; }

    /// <summary>What each interval leaves behind there, where it is not what the truth counts anywhere.</summary>
    public int[]? Growth { get; init; }
}

/// <summary>What each kind of tests/leak-kinds is, from its program and from how V8 and Node lay it out.</summary>
internal static class KindExpectations
{
    private const string Timers = "timers";
    private const string NativeHandle = "native handle";

    public static IReadOnlyDictionary<string, KindExpectation> All { get; } = new Dictionary<string, KindExpectation>
    {
        ["emitter-listener"] = new("event_listeners", "auditEmitter") { Note = "closure_scopes" },
        ["emitter-event"] = new("event_listeners", "jobEmitter"),
        ["event-target-listener"] = new("event_target_listeners", "auditTarget") { Note = "closure_scopes" },
        ["abort-listener"] = new("abort_listeners", "AbortController") { Note = "closure_scopes" },
        ["abort-any"] = new("set", "gcPersistentSignals") { Shares = true },
        ["abort-timeout"] = new("set", "gcPersistentSignals") { Shares = true },
        ["process-listener"] = new("event_listeners", "'kinds:reload' on process") { Note = "closure_scopes" },
        ["diagnostics-subscriber"] = new("array", "Channel._subscribers"),
        ["events-on"] = new("event_listeners", "tickEmitter") { Note = "waiting_functions" },
        ["timeout"] = new("timers", Timers) { Shares = true },
        ["timeout-delay"] = new("timers", Timers) { Shares = true },
        ["interval"] = new("timers", Timers) { Shares = true },
        ["immediate"] = new("immediates", "immediates"),
        ["timer-promise"] = new("timers", Timers) { Shares = true },
        ["promise-then"] = new("promise_reactions", "neverReady"),
        ["promise-race"] = new("promise_reactions", "neverStopped") { Names = ["Function"] },
        ["async-await"] = new("async_functions", "neverConnected") { Note = "waiting_functions" },
        ["async-chain"] = new("async_functions", "neverLocked") { Note = "waiting_functions" },
        ["async-resolver-map"] = new("map", "pendingReplies") { Note = "waiting_functions" },
        ["async-generator"] = new("async_functions", "neverFetched") { Note = "waiting_functions" },
        ["als-timer"] = new("timers", Timers) { Shares = true },
        ["als-promise"] = new("promise_reactions", "neverFlushed") { Note = "async_local_storage" },
        ["closure"] = new("array", "cleanupTasks"),
        ["context-chain"] = new("chain", "theThing"),
        ["bound-function"] = new("array", "boundHandlers"),
        ["generator"] = new("array", "suspendedCursors"),
        ["memo"] = new("map", "memo"),
        ["function-property"] = new("dictionary", "lookupUser.cache"),
        ["compiled-function"] = new("array", "compiledTemplates") { Names = ["Function"] },
        ["map"] = new("map", "sessionsById"),
        ["set"] = new("set", "activeJobs"),
        ["weak-map"] = new("set", "knownRequests"),
        ["weak-map-value"] = new("weak_map", "devices"),
        ["array"] = new("array", "auditTrail"),
        ["nested-map"] = new("array", "eventsByTenant"),
        ["dictionary-numbers"] = new("dictionary", "hitCounters") { Names = ["(string)"] },
        ["numbers"] = new("numbers", "responseTimes") { Names = ["(object elements)"], Shares = true },

        // Of each entry its key and its value are strings.
        ["dictionary-strings"] = new("dictionary", "lastSeen") { Names = ["(string)"], Growth = [40, 40] },
        ["static-field"] = new("map", "PluginRegistry.entries"),
        ["private-field"] = new("array", "OutboxQueue.#items"),
        ["symbol-property"] = new("array", "ledgerOwner[Symbol(ledger)]"),
        ["linked-list"] = new("chain", "RecentList.head"),
        ["global-variable"] = new("array", "__audit"),
        ["error"] = new("array", "recentErrors"),
        ["proxy"] = new("array", "wrappedModels"),
        ["pool-counters"] = new("set", "pool.live"),
        ["finalization-registry"] = new("finalization_registry", "fileRegistry"),
        ["strings"] = new("array", "seenRequestIds") { Names = ["(string)"] },
        ["sliced-strings"] = new("array", "csvFields") { Names = ["(sliced string)"], Note = "sliced_strings" },
        ["concatenated-strings"] = new("array", "logLines") { Names = ["(concatenated string)"], Note = "concatenated_strings" },
        ["buffers"] = new("array", "uploadChunks") { Note = "buffers" },
        ["buffer-slices"] = new("array", "messageHeads") { Note = "buffers" },
        ["array-buffers"] = new("array", "sampleBlocks") { Note = "buffers" },
        ["read-stream"] = new("set", "openDownloads") { Note = "streams" },

        // One native holder has sockets of several kinds; the truth's holder is what people know them by.
        ["net-socket"] = new("native_handles", NativeHandle) { Names = ["Socket"], Note = "connections", Shares = true },
        ["udp-socket"] = new("native_handles", NativeHandle) { Names = ["Socket"], Note = "connections", Shares = true },
        ["http2-session"] = new("", "") { Names = ["ClientHttp2Session", "ServerHttp2Session"], Note = "connections", Shares = true },
        ["hung-request"] = new("native_handles", NativeHandle) { Names = ["ClientRequest"], Note = "connections", Shares = true },
        ["http-agent"] = new("native_handles", NativeHandle) { Note = "connections", Shares = true },
        ["message-port"] = new("native_handles", NativeHandle) { Shares = true },
        ["fs-watcher"] = new("native_handles", NativeHandle) { Shares = true },

        // The native side of each has the same name and is not what the array holds.
        ["crypto-hash"] = new("array", "openHashes") { Growth = [20, 20] },
        ["zlib-gzip"] = new("array", "openGzips") { Note = "streams" },
        ["object-url"] = new("native_handles", NativeHandle),
        ["vm-context"] = new("array", "tenantContexts") { Note = "vm_contexts" },
        ["module-cache"] = new("module_cache", "require.cache") { Names = ["Module"], Shares = true },
        ["performance-mark"] = new("array", "markEntryBuffer"),
        ["console-time"] = new("map", "console._times") { Names = ["Array"] },
        ["dom"] = new("array", "removedRows") { Note = "dom" },
    };
}

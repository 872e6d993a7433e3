using System.Globalization;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Node;

/// <summary>What a core says of the process: from Node's <c>process</c> object, the core's notes, and the stack the process began with.</summary>
internal static class ProcessReader
{
    /// <summary>The symbol of when Node began, by the clock that the event loop has.</summary>
    public const string StartTime = "_ZN4node11per_process15node_start_timeE";

    public static ProcessFacts Run(CoreSession core, bool withValues, Work work)
    {
        var facts = new List<NamedText>();
        (IReadOnlyList<string> arguments, IReadOnlyList<string> environment) = StartStack.Read(core.Image);
        ObjectView? process = ObjectView.Instances(core, name => name == "process", work).Cast<ObjectView?>().FirstOrDefault(p => p!.Value.Text("version") is not null);
        Add(facts, "node", process?.Text("version"));
        facts.Add(new NamedText("v8", core.Heap.Version.ToString()));
        Add(facts, "platform", process?.Text("platform"));
        Add(facts, "arch", process?.Text("arch"));
        Add(facts, "pid", core.Image.Notes.Threads.Count == 0 ? null : core.Image.Notes.Threads.Min(t => t.Id).ToString(CultureInfo.InvariantCulture));
        Add(facts, "exec path", process?.Text("execPath") ?? core.Image.ProgramPath);
        string[] argv = process is { } p ? Texts(core, p.View("argv")) : [];
        string[] execArgv = process is { } q ? Texts(core, q.View("execArgv")) : [];
        Add(facts, "argv", Join(argv.Length > 0 ? argv : arguments));
        Add(facts, "exec argv", Join(execArgv));
        Add(facts, "cwd", Cwd(core, environment));
        Add(facts, "uptime", Uptime(core, work));
        Add(facts, "signal", core.Image.Notes.Signal > 0 ? core.Image.Notes.Signal.ToString(CultureInfo.InvariantCulture) : null);
        Add(facts, "threads", core.Image.Notes.Threads.Count.ToString(CultureInfo.InvariantCulture));
        if (process?.View("versions") is { } versions) Add(facts, "versions", Versions(core, versions));
        return new ProcessFacts(facts, [.. environment.Where(e => e.Length > 0).Select(e => Variable(e, withValues))]);
    }

    private static void Add(List<NamedText> facts, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) facts.Add(new NamedText(name, text));
    }

    private static string? Join(IReadOnlyList<string> words) => words.Count == 0 ? null : string.Join(' ', words.Select(w => w.Contains(' ', StringComparison.Ordinal) ? $"'{w}'" : w));

    private static NamedText Variable(string text, bool withValue)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new NamedText(text, "") : new NamedText(text[..equals], withValue ? text[(equals + 1)..] : "");
    }

    private static string[] Texts(CoreSession core, ObjectView? array)
    {
        if (array is not { } list || !core.Heap.TryFollow(list.Object, V8Layout.Elements, out HeapObject elements)) return [];
        var found = new List<string>();
        int length = (int)Math.Min(new ObjectFields(core).ArrayLength(list.Object), Limits.MaxEnvironment);
        foreach (ulong word in elements.WordsFrom(V8Layout.ArrayData)[..Math.Min(length, Math.Max(0, elements.Words - 2))])
        {
            if (core.Strings.Read(word, (int)Limits.MaxEnvironmentBytes) is { } text) found.Add(text);
        }

        return [.. found];
    }

    private static string Versions(CoreSession core, ObjectView versions)
    {
        Value value = new ValueReader(core, new ValueOptions(1, 100, 100)).Read(versions.Object, 1);
        return string.Join(", ", (value.Groups ?? []).Where(g => g.Name == "properties").SelectMany(g => g.Items).Where(i => i.Value.Type == "string").Select(i => $"{i.Name} {i.Value.Content}"));
    }

    /// <summary>Node remembers the working directory once it was asked for; else where it was started is in the environment.</summary>
    private static string? Cwd(CoreSession core, IReadOnlyList<string> environment)
    {
        for (int i = 0; i < core.Heap.Count; i++)
        {
            if (core.Heap.KindOf(i) != ObjectKind.Context || !core.Heap.TryFollow(core.Heap[i], V8Layout.ArrayData, out HeapObject scope) || scope.Kind != ObjectKind.ScopeInfo) continue;
            foreach (ScopeVariable variable in core.Scopes.Variables(scope))
            {
                if (core.Strings.Read(variable.Name, 10) == "cachedCwd" && core.Strings.Read(core.Heap[i][V8Layout.ArrayData + (8 * variable.Slot)]) is { Length: > 0 } cwd) return cwd;
            }
        }

        return environment.FirstOrDefault(e => e.StartsWith("PWD=", StringComparison.Ordinal)) is { } at ? at[4..] + " (when it was started)" : null;
    }

    private static string? Uptime(CoreSession core, Work work)
    {
        if (!core.Image.Symbols.TryGetValue(StartTime, out ulong at) || core.Image.Memory.Word(at) is not (> 0 and var began)) return null;
        if (new HandleList(core, work).LoopClock() is not { } clock || clock < began / 1_000_000) return null;
        double seconds = (clock - (began / 1_000_000)) / 1000.0;
        return string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s when the event loop last went round");
    }
}

using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>Functions and what they close over, and code that waits to go on: generators, async functions.</summary>
internal sealed class FunctionParts(CoreSession core, ValueReader values, ValueOptions options)
{
    private const int Previous = 24;
    private const int ScopeInfo = 16;
    private const int ScriptName = 16;
    private const int ScriptSource = 8;
    private const int MostScopes = 200;

    private readonly V8Heap _heap = core.Heap;
    private readonly BytecodePositions _positions = new(core.Heap);

    public IEnumerable<ValueGroup> Of(HeapObject function, int depth)
    {
        var code = new List<ValueItem>();
        if (core.Lines.Of(function) is { } location && ScriptOf(function) is { } script) code.Add(Text("location", $"{script}:{location.Line + 1}:{location.Column + 1}"));
        if (options.WithSource && Source(function) is { } source) code.Add(Text("source", source));
        if (code.Count > 0) yield return new ValueGroup("code", code.Count, code);
        if (!_heap.TryFollow(function, _heap.Layout.FunctionContext, out HeapObject context)) yield break;
        foreach (ValueGroup scope in Scopes(context, depth)) yield return scope;
    }

    /// <summary>Variables a function can see, scope by scope from the inside; a script's and the global ones are not its own.</summary>
    public List<ValueGroup> Scopes(HeapObject context, int depth)
    {
        var groups = new List<ValueGroup>();
        var seen = new HashSet<int>();
        while (context.Kind == ObjectKind.Context && seen.Count < MostScopes && seen.Add(context.Index))
        {
            if (_heap.TryFollow(context, ScopeInfo, out HeapObject scope) && scope.Kind == ObjectKind.ScopeInfo && core.Scopes.Variables(scope) is { Length: > 0 } variables)
            {
                HeapObject of = context;
                string name = seen.Count == 1 ? "variables" : $"variables {seen.Count} scopes out";
                groups.Add(new ValueGroup(name, variables.Length, [.. variables.Take(options.Items).Select(v => Variable(of, v, depth))]));
            }

            if (!_heap.TryFollow(context, Previous, out context)) break;
        }

        return groups;
    }

    public void AddGenerator(HeapObject generator, int depth, List<ValueItem> slots)
    {
        slots.Add(Text("[[GeneratorState]]", ObjectFields.GeneratorState(generator)));
        if (PlaceOf(generator) is { } place) slots.Add(Text("[[GeneratorLocation]]", place));
        slots.Add(new ValueItem("[[GeneratorFunction]]", values.Read(generator[ObjectFields.FirstField], 0)));
        slots.Add(new ValueItem("[[GeneratorReceiver]]", values.Read(generator[ObjectFields.ThirdField], 0)));
        if (_heap.TryFollow(generator, ObjectFields.SecondField, out HeapObject context))
            slots.AddRange(Scopes(context, depth).Take(1).SelectMany(scope => scope.Items));
    }

    /// <summary>Where in its source a generator, or an async function, goes on: null where it runs or has ended.</summary>
    private string? PlaceOf(HeapObject generator)
    {
        const int BytecodeOffset = 48;
        if (generator.Smi(ObjectFields.GeneratorContinuation) < 0 || !_heap.TryFollow(generator, ObjectFields.FirstField, out HeapObject function)) return null;
        if (!core.Functions.TryShared(function, out HeapObject shared) || !core.Lines.TryScript(shared, out HeapObject script)) return null;
        int position = _positions.Find(_positions.Of(shared), generator.Smi(BytecodeOffset) - (_heap.Layout.BytecodeHeader - 1));
        return position >= 0 && core.Lines.At(script, position) is { } place ? $"{core.Strings.Read(script[ScriptName])}:{place.Line + 1}:{place.Column + 1}" : null;
    }

    public string? ScriptOf(HeapObject function) =>
        core.Functions.TryShared(function, out HeapObject shared) && core.Lines.TryScript(shared, out HeapObject script) ? core.Strings.Read(script[ScriptName]) ?? "" : null;

    private static ValueItem Text(string name, string text) => new(name, new Value("string", text) { Content = text });

    private ValueItem Variable(HeapObject context, ScopeVariable variable, int depth)
    {
        string name = core.Strings.Read(variable.Name) ?? "???";
        ulong word = context[V8Layout.ArrayData + (8 * variable.Slot)];
        Value value = values.Read(word, depth);
        return new ValueItem(name, value.Type == "hole" ? value with { Text = "<not initialised yet>" } : value);
    }

    private string? Source(HeapObject function)
    {
        if (!core.Functions.TryShared(function, out HeapObject shared) || !core.Lines.TryScript(shared, out HeapObject script)) return null;
        if (!_heap.TryFollow(script, ScriptSource, out HeapObject source) || !source.Traits.IsString) return null;
        (int start, int end) = core.Lines.Extent(shared);
        if (start < 0 || end <= start) return null;
        string text = core.Strings.Read(source, (int)Math.Min(end, _heap.Memory.StoredBytes));
        return text.Length > start ? text[start..] : null;
    }
}

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>The symbols V8 keeps properties of its own under. They have no description; their names are those of V8's roots.</summary>
internal sealed class PrivateSymbols
{
    private const string Ending = "_symbol";

    private readonly Dictionary<ulong, string> _names = [];
    private readonly Dictionary<string, ulong> _symbols = [];

    public PrivateSymbols(V8Heap heap, IsolateInfo isolate)
    {
        if (!isolate.IsKnown) return;
        ulong table = isolate.Address + (ulong)heap.Layout.Offset("Roots.table", 0);
        for (int i = 0; i < heap.Table.Roots.Count; i++)
        {
            string name = heap.Table.Roots[i];
            if (!name.EndsWith(Ending, StringComparison.Ordinal)) continue;
            ulong symbol = heap.Memory.Word(table + ((ulong)i * V8Layout.Word));
            if (heap.KindOf(heap.IndexOf(symbol)) != ObjectKind.Symbol) continue;
            _names[symbol] = name[..^Ending.Length];
            _symbols[name[..^Ending.Length]] = symbol;
        }
    }

    /// <summary>What V8 calls a symbol, <c>error_stack</c>; null where it is none of these.</summary>
    public string? NameOf(ulong symbol) => _names.GetValueOrDefault(symbol);

    /// <summary>A symbol by V8's name for it; 0 where there is none.</summary>
    public ulong Find(string name) => _symbols.GetValueOrDefault(name);
}

using System.Text;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Redaction;

/// <summary>What was taken out of a graph.</summary>
/// <param name="Strings">Nodes whose text is blanked.</param>
/// <param name="Texts">Different texts among them.</param>
/// <param name="Names">Different names of properties that were replaced.</param>
/// <param name="Indexes">Elements that were given another index.</param>
public sealed record RedactionCounts(int Strings, int Texts, int Names, int Indexes);

/// <summary>
/// The same graph without a program's data: contents of strings, sources of regular expressions, numbers. Texts of one length
/// stay as different or equal as they were (<see cref="Fillers"/>). Names that answers need stay: of functions, classes,
/// variables, properties, scripts.
/// </summary>
public sealed class Redactor : IDisposable
{
    private const int None = -1;

    /// <summary>Elements whose places are further apart than this are the values of a dictionary with numbers for keys.</summary>
    private const long SparseFactor = 8;
    private const long FewPlaces = 1024;

    private readonly HeapGraph _graph;
    private readonly Work _work;
    private readonly DistinctStrings _distinct;
    private readonly KeptStrings _kept;
    private readonly PairNames _pairs;
    private readonly DataNames? _dataNames;
    private readonly Fillers _fillers = new();
    private readonly StringTableBuilder _strings = new();
    private readonly Column<int> _nodeNames;
    private readonly Column<uint> _edgeNames;

    /// <summary>New index by old one: of names that stay, of texts that are blanked, of names that are replaced.</summary>
    private readonly Column<int> _keptAs;
    private readonly Column<int> _blankedAs;
    private readonly Column<int> _replacedAs;
    private int _blanked;
    private int _texts;
    private int _names;
    private int _indexes;

    private Redactor(HeapGraph graph, bool names, Work work)
    {
        _graph = graph;
        _work = work;
        work.Report("looking for names");
        _distinct = new DistinctStrings(graph.Strings, work);
        _kept = new KeptStrings(graph, _distinct, work);
        _pairs = new PairNames(graph, work);
        _dataNames = names ? new DataNames(graph, _distinct, work) : null;
        _nodeNames = Column<int>.Uninitialized(graph.NodeCount);
        _edgeNames = Column<uint>.Uninitialized(graph.EdgeCount);
        _keptAs = Column<int>.Filled(graph.Strings.Count, None);
        _blankedAs = Column<int>.Filled(graph.Strings.Count, None);
        _replacedAs = Column<int>.Filled(graph.Strings.Count, None);
    }

    /// <param name="graph">Taken apart: only good for being disposed afterwards.</param>
    /// <param name="names">Whether names of properties go too where they look like data (<see cref="DataNames"/>).</param>
    /// <param name="work">Progress and cancellation.</param>
    public static (HeapGraph Graph, RedactionCounts Counts) Run(HeapGraph graph, bool names, Work work)
    {
        using var redactor = new Redactor(graph, names, work);
        redactor.NameNodes();
        redactor.NameEdges();
        HeapGraph redacted = redactor.Build();
        return (redacted, new RedactionCounts(redactor._blanked, redactor._texts, redactor._names, redactor._indexes));
    }

    public void Dispose()
    {
        _distinct.Dispose();
        _kept.Dispose();
        _dataNames?.Dispose();
        _nodeNames.Dispose();
        _edgeNames.Dispose();
        _keptAs.Dispose();
        _blankedAs.Dispose();
        _replacedAs.Dispose();
    }

    private HeapGraph Build()
    {
        TraceFunction[] functions =
            [.. _graph.Allocations.Functions.Select(f => f with { Name = Keep(f.Name), ScriptName = Keep(f.ScriptName) })];
        using HeapGraphBuilder builder = _graph.TakeApart(_strings);
        _nodeNames.Span.CopyTo(builder.Nodes.Names.Span);
        _edgeNames.Span.CopyTo(builder.Edges.Names.Span);
        builder.Allocations = builder.Allocations with { Functions = functions };
        return builder.Build();
    }

    private void NameNodes()
    {
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            if ((node & 0xFFFF) == 0) _work.Report("blanking strings", (double)node / _graph.NodeCount);
            _work.ThrowIfCancelled(node);
            int name = _graph.NodeNames[node];
            bool stays = IsName(_graph.NodeTypes[node], _graph.Strings.Utf8(name)) || _kept.Contains(node);
            _nodeNames[node] = stays ? Keep(name) : Blank(name, isHash: _kept.IsHash(node));
            if (!stays) _blanked++;
        }
    }

    /// <summary>Whether nodes of this type are named by code, and not by what they hold.</summary>
    private static bool IsName(NodeType type, ReadOnlySpan<byte> name) => type switch
    {
        NodeType.String or NodeType.RegExp => false,

        // V8 calls these all the same; others may call them by their contents.
        NodeType.ConsString => name.SequenceEqual("(concatenated string)"u8),
        NodeType.SlicedString => name.SequenceEqual("(sliced string)"u8),
        NodeType.Number => name.SequenceEqual("heap number"u8) || name.SequenceEqual("smi number"u8) || name.SequenceEqual("int"u8) || name.SequenceEqual("bool"u8),
        NodeType.BigInt => name.SequenceEqual("bigint"u8),
        _ => type <= NodeType.WasmObject,
    };

    private void NameEdges()
    {
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            if ((node & 0xFFFF) == 0) _work.Report("naming edges", (double)node / _graph.NodeCount);
            _work.ThrowIfCancelled(node);
            int first = _graph.FirstEdges[node], end = _graph.FirstEdges[node + 1];
            bool renumber = _dataNames is not null && HasKeysForIndexes(node, first, end);
            uint place = 0;
            for (int edge = first; edge < end; edge++)
            {
                uint name = _graph.EdgeNames[edge];
                EdgeType type = _graph.EdgeTypes[edge];
                if (type == EdgeType.Element && renumber)
                {
                    _edgeNames[edge] = place++;
                    _indexes++;
                }
                else
                {
                    _edgeNames[edge] = HeapGraph.IsNumbered(type) ? name : NameEdge(edge, type, name);
                }
            }
        }
    }

    private uint NameEdge(int edge, EdgeType type, uint name)
    {
        if (_pairs.IsPair(edge)) return (uint)_strings.Append(_pairs.Rename(edge, NewName));
        return (uint)(type == EdgeType.Property && _dataNames is not null && _dataNames.Contains(name) ? Replace((int)name) : Keep((int)name));
    }

    private string NewName(NodeIndex node) => Encoding.UTF8.GetString(_strings.Written(_nodeNames[(int)node]));

    private bool HasKeysForIndexes(int node, int first, int end)
    {
        if (_graph.NodeTypes[node] != NodeType.Object) return false;
        long count = 0, last = 0;
        for (int edge = first; edge < end; edge++)
        {
            if (_graph.EdgeTypes[edge] != EdgeType.Element) continue;
            count++;
            last = Math.Max(last, _graph.EdgeNames[edge]);
        }

        return last > FewPlaces && last > count * SparseFactor;
    }

    private int Keep(int name)
    {
        ref int kept = ref _keptAs[_distinct[name]];
        if (kept != None) return kept;
        ReadOnlySpan<byte> text = _graph.Strings.Utf8(name);
        return kept = _strings.Append(SafeNames.Clean(text) ?? text);
    }

    private int Blank(int name, bool isHash)
    {
        ref int blanked = ref _blankedAs[_distinct[name]];
        if (blanked != None) return blanked;
        _texts++;
        if (isHash) return blanked = _strings.Append(_fillers.NextNumber());
        int length = _graph.Strings.Utf16Length(name);
        Fillers.Write(_fillers.Next(length), length, 0, _strings.Reserve(length)[..length]);
        _strings.Commit(length);
        return blanked = _strings.Count - 1;
    }

    private int Replace(int name)
    {
        ref int replaced = ref _replacedAs[_distinct[name]];
        return replaced != None ? replaced : replaced = _strings.Append(Encoding.ASCII.GetBytes($"key-{++_names}"));
    }
}

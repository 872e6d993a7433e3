using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Reads <c>trace_tree</c>: rows of fields, the last of which holds the children's rows in an array of its own.
/// </summary>
internal static class TraceTreeSection
{
    /// <summary>Reads up to and with the closing bracket; the cursor stands after the opening one.</summary>
    public static List<TraceNode> Read(JsonCursor cursor, SnapshotHeader header, Work work)
    {
        IReadOnlyList<string> fields = header.TraceNodeFields;
        int id = header.Require(fields, "id", "trace_node_fields");
        int function = header.Require(fields, "function_info_index", "trace_node_fields");
        int count = header.Require(fields, "count", "trace_node_fields");
        int size = header.Require(fields, "size", "trace_node_fields");
        int children = header.Require(fields, "children", "trace_node_fields");

        var nodes = new List<TraceNode>();
        var open = new Stack<(int Parent, int Field)>();
        var row = new ulong[fields.Count];
        int parent = -1, field = 0;
        while (true)
        {
            if (cursor.Take(']'))
            {
                if (open.Count == 0) return nodes;
                (parent, field) = open.Pop();
                field++;
            }
            else if (field == children && cursor.Take('['))
            {
                if (open.Count >= Limits.MaxNesting)
                    throw new InputException($"{cursor.InputName}: at byte {cursor.Offset}: \"trace_tree\" is nested more than {Limits.MaxNesting} deep (limit MaxNesting). The file is damaged.");
                if ((row[id] | row[count]) > uint.MaxValue || row[function] > int.MaxValue)
                {
                    throw InputException.At(cursor.InputName, cursor.Offset, $"id {row[id]}, function {row[function]}, count {row[count]}",
                        "numbers below 2^32 in \"trace_tree\"", "The file is damaged.");
                }

                nodes.Add(new TraceNode((uint)row[id], (int)row[function], (uint)row[count], row[size], parent));
                open.Push((parent, field));
                (parent, field) = (nodes.Count - 1, 0);
                work.ThrowIfCancelled(nodes.Count);
                continue;
            }
            else
            {
                row[field++] = ReadNumber(cursor);
            }

            if (field == fields.Count) field = 0;
            _ = cursor.Take(',');
        }
    }

    private static ulong ReadNumber(JsonCursor cursor)
    {
        int next = cursor.PeekToken();
        ulong value = 0;
        if (next is < '0' or > '9') throw cursor.Unexpected(next, "a number in \"trace_tree\"");
        while (next is >= '0' and <= '9')
        {
            value = value * 10 + (uint)(next - '0');
            if (value > Limits.MaxNumber) throw cursor.Unexpected(next, "a smaller number in \"trace_tree\"");
            cursor.Advance(1);
            next = cursor.Peek();
        }

        return value;
    }
}

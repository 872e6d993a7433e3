using Holdfast.Common;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Reads a section that is one flat array of numbers, on all threads: one at a time takes the next block of text and
/// counts its commas, which says which rows it holds; then each parses its own block into the sink.
/// </summary>
internal sealed class NumberSection
{
    /// <summary>Text taken at once: small enough for the second-level cache, large enough to make taking it cheap.</summary>
    private const int BlockBytes = 384 << 10;

    /// <summary>Numbers parsed before they are handed to the sink.</summary>
    private const int BatchValues = 4096;

    private readonly JsonCursor _cursor;
    private readonly string _name;
    private readonly IRowSink _sink;
    private readonly Work _work;
    private readonly object _turn = new();
    private long _rowsTaken;
    private long _capacity;
    private int _writing;
    private bool _ended;
    private Exception? _failure;
    private long _failureRow = long.MaxValue;

    private NumberSection(JsonCursor cursor, string name, IRowSink sink, Work work)
    {
        _cursor = cursor;
        _name = name;
        _sink = sink;
        _work = work;
    }

    /// <summary>Reads the section up to and with its closing bracket; the cursor stands after the opening one.</summary>
    /// <returns>How many rows there were.</returns>
    public static long Read(JsonCursor cursor, string name, IRowSink sink, Work work)
    {
        var section = new NumberSection(cursor, name, sink, work);
        section.ReserveDeclared();
        var helpers = new Thread[work.Threads - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(section.ParseBlocks) { IsBackground = true };
            helpers[i].Start();
        }

        section.ParseBlocks();
        foreach (Thread helper in helpers) helper.Join();
        if (section._failure is { } failure) throw failure;
        section.Resize(section._rowsTaken);
        return section._rowsTaken;
    }

    /// <summary>Takes the header's count at its word only as far as the input is long enough for it.</summary>
    private void ReserveDeclared()
    {
        long most = _cursor.KnownLength >= 0
            ? (_cursor.KnownLength - _cursor.Offset) / (2L * _sink.FieldCount) + 1
            : Limits.MaxUnprovenRows;
        _capacity = Math.Clamp(_sink.DeclaredRows, 0, Math.Max(0, most));
        Resize(_capacity);
    }

    private void Resize(long rows)
    {
        try
        {
            _sink.Resize(rows);
        }
        catch (InputException e)
        {
            throw new InputException($"{_cursor.InputName}: \"{_name}\": {e.Message}. The file is damaged, or too large for this version.", e);
        }
    }

    private void ParseBlocks()
    {
        var block = new Block();
        var values = new ulong[BatchValues + 64];
        try
        {
            while (Next(block))
            {
                try
                {
                    Parse(block, values);
                }
                finally
                {
                    Release();
                }
            }
        }
        catch (Exception e)
        {
            Fail(e, block.FirstRow);
        }
    }

    private bool Next(Block block)
    {
        lock (_turn)
        {
            if (_ended || _failure is not null) return false;
            block.FirstRow = _rowsTaken;
            _work.ThrowIfCancelled();

            // Nobody goes on after a block that cannot be taken: what follows is not of this section.
            _ended = true;
            _ended = TakeBlock(block);
            if (block.Rows == 0) return false;
            _rowsTaken += block.Rows;
            MakeRoom(_rowsTaken);
            _writing++;
            if (_cursor.KnownLength > 0) _work.Report($"reading {_name}", (double)_cursor.Offset / _cursor.KnownLength);
            return true;
        }
    }

    private void Release()
    {
        lock (_turn)
        {
            _writing--;
            Monitor.PulseAll(_turn);
        }
    }

    /// <summary>
    /// Keeps the failure that comes first in the text: what is wrong there shifts the rows of later blocks, which then
    /// look wrong too, and which of them is looked at first is a matter of chance.
    /// </summary>
    private void Fail(Exception e, long row)
    {
        lock (_turn)
        {
            if (row >= _failureRow) return;
            _failure = e;
            _failureRow = row;
        }
    }

    /// <summary>
    /// Waits until nobody writes, then makes room for these rows and as many again. Others may take their turn
    /// while this one waits: their rows come later, so they wait for the same room.
    /// </summary>
    private void MakeRoom(long rows)
    {
        while (rows > _capacity)
        {
            if (_writing > 0)
            {
                Monitor.Wait(_turn);
                continue;
            }

            _capacity = Math.Max(rows, Math.Min(_capacity * 2, rows + (256L << 20)));
            Resize(_capacity);
        }
    }

    /// <summary>Takes whole rows of text from the cursor.</summary>
    /// <returns>Whether the array ends with this block.</returns>
    private bool TakeBlock(Block block)
    {
        block.Offset = _cursor.Offset;
        int length = _cursor.Move(block.Text);
        Span<byte> text = block.Text[..length];
        int close = text.IndexOf((byte)']');
        if (close >= 0)
        {
            _cursor.PutBack(text[(close + 1)..]);
            int leftOver = block.End(TrimEnd(text[..close]), _sink.FieldCount);
            if (leftOver > 0) throw Incomplete(block, leftOver);
            return true;
        }

        if (length < block.Text.Length)
        {
            throw new InputException($"{_cursor.InputName}: the file ends at byte {_cursor.Offset}, inside \"{_name}\""
                + $" after about {_rowsTaken} of {Math.Max(_sink.DeclaredRows, 0)} rows. "
                + "It was cut short: was the disk full, or the process killed while it wrote? Take the snapshot again.");
        }

        int kept = block.Cut(text, _sink.FieldCount);
        if (kept == 0)
        {
            throw InputException.At(_cursor.InputName, block.Offset, $"{length} bytes with less than one row",
                $"rows of {_sink.FieldCount} numbers in \"{_name}\"", "The file is damaged.");
        }

        _cursor.PutBack(text[kept..]);
        return false;
    }

    private InputException Incomplete(Block block, int values)
    {
        try
        {
            // Where a comma is damaged, that is what is wrong, and the number of numbers only follows from it.
            var tokens = new NumberTokenizer(block.Padded);
            var ignored = new ulong[BatchValues];
            while (tokens.Read(ignored) > 0) continue;
        }
        catch (NumberFormatException e)
        {
            return Malformed(block, e);
        }

        return InputException.At(_cursor.InputName, _cursor.Offset, $"{values} numbers after the last whole row",
            $"rows of {_sink.FieldCount} numbers in \"{_name}\"", "The file is damaged, or its \"meta\" names the wrong fields.");
    }

    private InputException Malformed(Block block, NumberFormatException e) => InputException.At(
        _cursor.InputName, block.Offset + e.Position, e.Found, $"numbers and commas in \"{_name}\"", "The file is damaged.");

    private static int TrimEnd(ReadOnlySpan<byte> text) => text.TrimEnd(" \n\r\t"u8).Length;

    private void Parse(Block block, ulong[] values)
    {
        var tokens = new NumberTokenizer(block.Padded);
        int fields = _sink.FieldCount;
        long row = block.FirstRow;
        int carried = 0;
        try
        {
            int read;
            while ((read = tokens.Read(values.AsSpan(carried))) > 0)
            {
                int available = carried + read;
                int whole = available / fields;
                _sink.Write(row, values.AsSpan(0, whole * fields));
                row += whole;
                carried = available - whole * fields;
                values.AsSpan(whole * fields, carried).CopyTo(values);
            }
        }
        catch (NumberFormatException e)
        {
            throw Malformed(block, e);
        }
        catch (RowException e)
        {
            throw new InputException($"{_cursor.InputName}: row {e.Row} of \"{_name}\" (near byte {block.Offset + tokens.Position}): "
                + $"found {e.Found}, expected {e.Expected}. The file is damaged.");
        }
    }

    /// <summary>A block of text with whole rows, each number followed by a comma.</summary>
    private sealed class Block
    {
        private readonly byte[] _bytes = new byte[NumberTokenizer.FrontPadding + BlockBytes + 1];
        private int _length;

        /// <summary>Room for text.</summary>
        public Span<byte> Text => _bytes.AsSpan(NumberTokenizer.FrontPadding, BlockBytes);

        /// <summary>The text taken, after the padding that the tokenizer wants.</summary>
        public ReadOnlySpan<byte> Padded => _bytes.AsSpan(0, NumberTokenizer.FrontPadding + _length);

        public long Offset { get; set; }

        public long FirstRow { get; set; }

        public int Rows { get; private set; }

        /// <summary>Keeps whole rows of a text that goes on; gives the number of bytes kept.</summary>
        public int Cut(ReadOnlySpan<byte> text, int fields)
        {
            int numbers = text.Count((byte)',');
            int kept = text.LastIndexOf((byte)',') + 1;
            for (int extra = numbers % fields; extra > 0; extra--) kept = text[..(kept - 1)].LastIndexOf((byte)',') + 1;
            Rows = numbers / fields;
            return _length = kept;
        }

        /// <summary>
        /// Keeps the last text of an array, up to <paramref name="length"/>, and gives it its last comma; gives the
        /// number of numbers that are too few for a row.
        /// </summary>
        public int End(int length, int fields)
        {
            _length = length;
            Rows = 0;
            if (length == 0) return 0;
            _bytes[NumberTokenizer.FrontPadding + length] = (byte)',';
            _length = length + 1;
            int numbers = _bytes.AsSpan(NumberTokenizer.FrontPadding, _length).Count((byte)',');
            Rows = numbers / fields;
            return numbers % fields;
        }
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>Contents of V8's strings: sequential, concatenated, sliced, thin, external.</summary>
/// <param name="heap">The heap.</param>
/// <param name="mostParts">Parts of strings that are followed, all in all.</param>
internal sealed class HeapStrings(V8Heap heap, int mostParts = Limits.MaxStringParts)
{
    private const int LengthOffset = 12;
    private const int DataOffset = 16;
    private const int SliceOffset = 24;
    private const int ExternalDataOffset = 24;
    private const int OneByteBit = 8;
    private const int UncachedBit = 16;

    private readonly List<int> _open = [];
    private int _parts;

    public static int Length(HeapObject text) => Math.Max(0, text.Int32(LengthOffset));

    public static bool IsOneByte(HeapObject text) => (text.Traits.Number & OneByteBit) != 0;

    /// <summary>What kind of string, by V8's representation tag.</summary>
    public static StringShape Shape(HeapObject text) => (text.Traits.Number & 7) switch
    {
        0 => StringShape.Sequential,
        1 => StringShape.Concatenated,
        2 => StringShape.External,
        3 => StringShape.Sliced,
        5 => StringShape.Thin,
        _ => StringShape.Unknown,
    };

    /// <summary>Begins to count followed parts anew, for a question of its own.</summary>
    public void ForgetParts() => _parts = 0;

    /// <summary>The string a reference leads to, at most so many characters; null where it leads to no string.</summary>
    public string? Read(ulong reference, int most = Limits.MaxNameCharacters)
    {
        int index = heap.IndexOf(reference);
        return index < 0 || !heap.MapOf(index).Traits.IsString ? null : Read(heap[index], most);
    }

    /// <summary>The string's beginning, at most so many characters.</summary>
    public string Read(HeapObject text, int most = Limits.MaxNameCharacters)
    {
        int length = Math.Clamp(Length(text), 0, most);
        if (length == 0) return "";
        if (Shape(text) == StringShape.Sequential && IsOneByte(text)) return Encoding.Latin1.GetString(text.Bytes(DataOffset, length));
        var chars = new char[length];
        int written = Fill(text, chars);
        return new string(chars, 0, written);
    }

    /// <summary>The string's beginning as UTF-8 (a lone surrogate as its three bytes); bytes written.</summary>
    public int ReadUtf8(HeapObject text, int most, ref byte[] buffer)
    {
        int length = Math.Clamp(Length(text), 0, most);
        if (buffer.Length < length * 3) buffer = new byte[Math.Max(length * 3, buffer.Length * 2)];
        if (Shape(text) == StringShape.Sequential && IsOneByte(text))
        {
            ReadOnlySpan<byte> bytes = text.Bytes(DataOffset, length);
            if (bytes.Length == length && Ascii.IsValid(bytes))
            {
                bytes.CopyTo(buffer);
                return length;
            }
        }

        char[] chars = System.Buffers.ArrayPool<char>.Shared.Rent(length);
        int written = Fill(text, chars.AsSpan(0, length));
        int used = Wtf8.Encode(chars.AsSpan(0, written), buffer);
        System.Buffers.ArrayPool<char>.Shared.Return(chars);
        return used;
    }

    /// <summary>Writes the string's characters in order; how many were found.</summary>
    public int Fill(HeapObject text, Span<char> into)
    {
        _open.Clear();
        _open.Add(text.Index);
        int written = 0;
        for (; _open.Count > 0 && written < into.Length && _parts < mostParts; _parts += _open.Count > 0 ? 1 : 0)
        {
            HeapObject part = heap[_open[^1]];
            _open.RemoveAt(_open.Count - 1);
            switch (Shape(part))
            {
                case StringShape.Concatenated:
                    AddParts(part, into.Length - written);
                    break;
                case StringShape.Thin when TryString(part, 16, out HeapObject actual):
                    _open.Add(actual.Index);
                    break;
                case StringShape.Sliced when TryString(part, 16, out HeapObject parent):
                    written += Slice(parent, part.Smi(SliceOffset), Length(part), into[written..]);
                    break;
                default:
                    written += Copy(part, 0, Length(part), into[written..]);
                    break;
            }
        }

        return written;
    }

    /// <summary>
    /// The parts of a concatenated string, as far as so many characters need them. Parts are shorter than the whole, so that
    /// a damaged one that is a part of itself comes to an end.
    /// </summary>
    private void AddParts(HeapObject whole, int wanted)
    {
        if (!TryString(whole, 16, out HeapObject first) || Length(first) > Length(whole)) return;
        int rest = Length(whole) - Length(first);
        if (rest > 0 && Length(first) < wanted && TryString(whole, 24, out HeapObject second) && Length(second) <= rest) _open.Add(second.Index);
        _open.Add(first.Index);
    }

    /// <summary>The bytes of a flat string (of one or two bytes a character), empty where they are not in the core.</summary>
    public ReadOnlySpan<byte> FlatBytes(HeapObject text)
    {
        long bytes = (long)Length(text) << (IsOneByte(text) ? 0 : 1);
        if (bytes <= 0) return [];
        if (Shape(text) == StringShape.Sequential) return text.Bytes(DataOffset, bytes);
        return Shape(text) == StringShape.External && bytes <= int.MaxValue ? heap.Memory.Exactly(ExternalData(text), (int)bytes) : [];
    }

    /// <summary>Where an external string's characters are: outside the heap.</summary>
    public ulong ExternalData(HeapObject text)
    {
        if ((text.Traits.Number & UncachedBit) == 0 && text.Size > ExternalDataOffset && text[ExternalDataOffset] != 0) return text[ExternalDataOffset];

        // The resource's first field after its table of functions, in all of Node's classes.
        return heap.Memory.Word(text[16] + 8);
    }

    /// <summary>A slice of a slice does not occur; a parent in two parts does for a moment.</summary>
    private int Slice(HeapObject parent, int start, int length, Span<char> into)
    {
        if (Shape(parent) == StringShape.Thin && TryString(parent, 16, out HeapObject actual)) parent = actual;
        return start < 0 ? 0 : Copy(parent, start, length, into);
    }

    private int Copy(HeapObject flat, int start, int length, Span<char> into)
    {
        ReadOnlySpan<byte> bytes = FlatBytes(flat);
        int most = Math.Min(Math.Max(0, length), into.Length);
        if (IsOneByte(flat))
        {
            ReadOnlySpan<byte> one = start < bytes.Length ? bytes[start..] : [];
            int count = Math.Min(most, one.Length);
            for (int i = 0; i < count; i++) into[i] = (char)one[i];
            return count;
        }

        ReadOnlySpan<char> two = MemoryMarshal.Cast<byte, char>(bytes);
        two = start < two.Length ? two[start..] : [];
        two = two[..Math.Min(most, two.Length)];
        two.CopyTo(into);
        return two.Length;
    }

    private bool TryString(HeapObject from, int offset, out HeapObject text) =>
        heap.TryFollow(from, offset, out text) && text.Traits.IsString;
}

/// <summary>How a string has its characters.</summary>
internal enum StringShape
{
    Sequential,
    Concatenated,
    External,
    Sliced,
    Thin,
    Unknown,
}

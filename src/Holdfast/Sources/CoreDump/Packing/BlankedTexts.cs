using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>
/// What takes the place of the characters of flat strings: names stay, of sources of scripts only line breaks do, all others become
/// <see cref="Fillers"/>. The same text, of one or two bytes a character, has the same filler.
/// </summary>
internal sealed class BlankedTexts(NeededStrings needed) : IDisposable
{
    private const int ChunkCharacters = 4096;

    private readonly Fillers _fillers = new();
    private readonly Dictionary<(int Length, UInt128 Hash), long> _numbers = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _chunk = new byte[ChunkCharacters * 2];

    public void Dispose() => _hash.Dispose();

    /// <summary>The number of a text, for <see cref="Write"/>.</summary>
    /// <param name="characters">All of its bytes.</param>
    /// <param name="isOneByte">Whether each is a character.</param>
    public long NumberOf(ReadOnlySpan<byte> characters, bool isOneByte)
    {
        int length = isOneByte ? characters.Length : characters.Length / 2;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(characters, isOneByte);
        _hash.GetHashAndReset(digest);
        ref long number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, (length, BinaryPrimitives.ReadUInt128LittleEndian(digest)), out bool known);
        return known ? number : number = _fillers.Next(length);
    }

    /// <summary>Writes a part of what a string holds now.</summary>
    /// <param name="text">The string.</param>
    /// <param name="number">Its number.</param>
    /// <param name="from">Where in the string the part begins, in characters.</param>
    /// <param name="original">The part as it was.</param>
    /// <param name="part">The part.</param>
    public void Write(HeapObject text, long number, int from, ReadOnlySpan<byte> original, Span<byte> part)
    {
        if (needed.IsName(text.Index))
        {
            original.CopyTo(part);
            return;
        }

        bool isOneByte = HeapStrings.IsOneByte(text);
        if (needed.IsSource(text.Index)) WriteSource(original, part, isOneByte);
        else WriteFiller(number, HeapStrings.Length(text), from, part, isOneByte);
        int width = isOneByte ? 1 : 2, end = from + (part.Length / width);
        foreach ((int start, int stop) in needed.Parts(text.Index))
        {
            int first = Math.Max(start, from), last = Math.Min(stop, end);
            if (first < last) original[((first - from) * width)..((last - from) * width)].CopyTo(part[((first - from) * width)..]);
        }
    }

    private void WriteFiller(long number, int length, int from, Span<byte> part, bool isOneByte)
    {
        if (isOneByte)
        {
            Fillers.Write(number, length, from, part);
            return;
        }

        Span<char> wide = MemoryMarshal.Cast<byte, char>(part);
        for (int done = 0; done < wide.Length; done += ChunkCharacters)
        {
            Span<byte> narrow = _chunk.AsSpan(0, Math.Min(ChunkCharacters, wide.Length - done));
            Fillers.Write(number, length, from + done, narrow);
            for (int i = 0; i < narrow.Length; i++) wide[done + i] = (char)narrow[i];
        }
    }

    /// <summary>Places in a script are lines and columns, so its line breaks stay.</summary>
    private static void WriteSource(ReadOnlySpan<byte> original, Span<byte> part, bool isOneByte)
    {
        if (isOneByte)
        {
            for (int i = 0; i < part.Length; i++) part[i] = original[i] is (byte)'\n' or (byte)'\r' ? original[i] : (byte)'*';
            return;
        }

        ReadOnlySpan<char> was = MemoryMarshal.Cast<byte, char>(original);
        Span<char> now = MemoryMarshal.Cast<byte, char>(part);
        for (int i = 0; i < now.Length; i++) now[i] = was[i] is '\n' or '\r' or '\u2028' or '\u2029' ? was[i] : '*';
    }

    private void Hash(ReadOnlySpan<byte> characters, bool isOneByte)
    {
        if (!isOneByte)
        {
            _hash.AppendData(characters);
            return;
        }

        Span<char> wide = MemoryMarshal.Cast<byte, char>(_chunk.AsSpan());
        for (; !characters.IsEmpty; characters = characters[Math.Min(wide.Length, characters.Length)..])
        {
            int count = Math.Min(wide.Length, characters.Length);
            for (int i = 0; i < count; i++) wide[i] = (char)characters[i];
            _hash.AppendData(MemoryMarshal.AsBytes(wide[..count]));
        }
    }
}

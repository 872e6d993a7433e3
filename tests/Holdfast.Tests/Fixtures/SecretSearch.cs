using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Tests.Fixtures;

/// <summary>Looks for any piece of a secret in bytes, in whatever encoding it might have got there.</summary>
internal static class SecretSearch
{
    /// <summary>Characters of a piece.</summary>
    private const int Piece = 8;

    /// <summary>A secret of which no piece is anywhere by chance.</summary>
    public static string Make() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>What was found, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> bytes, string secret)
    {
        for (int at = 0; at + Piece <= secret.Length; at++)
        {
            string piece = secret.Substring(at, Piece);
            foreach ((string encoding, byte[] pattern) in Encodings(piece))
            {
                if (bytes.IndexOf(pattern) is >= 0 and var found) return $"'{piece}' of '{secret}' as {encoding} at byte {found}";
            }
        }

        return null;
    }

    /// <summary>Asserts that none of the secrets is there.</summary>
    public static void AssertNone(ReadOnlySpan<byte> bytes, IEnumerable<string> secrets)
    {
        foreach (string secret in secrets)
        {
            if (Find(bytes, secret) is { } found) Assert.Fail(found);
        }
    }

    private static IEnumerable<(string Encoding, byte[] Pattern)> Encodings(string piece)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(piece), little = Encoding.Unicode.GetBytes(piece);
        yield return ("UTF-8", utf8);
        yield return ("UTF-16LE", little);
        yield return ("UTF-16BE", Encoding.BigEndianUnicode.GetBytes(piece));
        if (piece.All(c => c < 256)) yield return ("Latin-1", Encoding.Latin1.GetBytes(piece));
        yield return ("JSON, upper case", Encoding.ASCII.GetBytes(string.Concat(piece.Select(c => $"\\u{(int)c:X4}"))));
        yield return ("JSON, lower case", Encoding.ASCII.GetBytes(string.Concat(piece.Select(c => $"\\u{(int)c:x4}"))));
        foreach ((string name, byte[] raw) in new[] { ("UTF-8", utf8), ("UTF-16LE", little) })
        {
            yield return ($"hex of {name}", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(raw)));
            yield return ($"HEX of {name}", Encoding.ASCII.GetBytes(Convert.ToHexString(raw)));
            for (int before = 0; before < 3; before++)
            {
                // Whole groups only: those at the ends hold bits of what is beside the piece.
                int skip = (3 - before) % 3, whole = (raw.Length - skip) / 3 * 3;
                yield return ($"base64 of {name}", Encoding.ASCII.GetBytes(Convert.ToBase64String(raw, skip, whole)));
            }
        }
    }
}

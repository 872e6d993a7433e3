using System.Globalization;
using Holdfast.Common;

namespace Holdfast.Analyses;

/// <summary>What a term of a <see cref="FindExpression"/> looks at.</summary>
public enum FindField
{
    Class,
    Name,
    Type,
    Edge,
    Size,
    Retained,
    Distance,
    Id,
    Detached,
}

/// <summary>A condition on an object.</summary>
/// <param name="Field">What it looks at.</param>
/// <param name="Negated">Whether it must not hold.</param>
/// <param name="Text">What is to match, for fields that are text.</param>
/// <param name="Low">The least number that matches, for fields that are numbers.</param>
/// <param name="High">The greatest.</param>
public sealed record FindTerm(FindField Field, bool Negated, string Text, long Low, long High);

/// <summary>
/// An expression that chooses objects: terms with blanks between them, all of which must hold. See <see cref="Help"/>.
/// </summary>
public sealed record FindExpression(IReadOnlyList<FindTerm> Terms)
{
    /// <summary>The terms there are.</summary>
    public const string Help =
        "Terms: class:NAME (or NAME alone), name:TEXT, type:TYPE, edge:NAME, size>1K, retained>1MB, distance<5, id:@123, "
        + "id:100..200, detached. Names may be globs (*, ?). Numbers take <, <=, >, >=, = or :LOW..HIGH; sizes take K, M, G "
        + "(1024 each). Put \"…\" around text with blanks, and - before a term that must not hold.";

    private static readonly string[] Operators = [">=", "<=", ">", "<", "=", ":"];

    /// <exception cref="InputException">A term is not one; the message says which and lists what is possible.</exception>
    public static FindExpression Parse(string text)
    {
        List<string> words = Split(text);
        if (words.Count == 0) throw new InputException($"the expression is empty. {Help}");
        return new FindExpression([.. words.Select(ParseTerm)]);
    }

    /// <summary>
    /// Splits at blanks outside quotes; <c>{a, b}</c> and <c>(compiled code)</c> hold together where a value begins with
    /// the bracket. Quotes are kept.
    /// </summary>
    private static List<string> Split(string text)
    {
        var words = new List<string>();
        int at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            int start = at;
            bool isValueStart = true;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                char c = text[at];
                char close = c == '"' ? '"' : !isValueStart ? '\0' : c == '{' ? '}' : c == '(' ? ')' : '\0';
                isValueStart = c is ':' or '=' or '-';
                at++;
                if (close == '\0') continue;
                int end = text.IndexOf(close, at);
                if (end < 0) throw new InputException($"'{text[start..]}': the {c} is never closed with {close}. {Help}");
                at = end + 1;
            }

            words.Add(text[start..at]);
        }

        return words;
    }

    private static FindTerm ParseTerm(string word)
    {
        bool negated = word.StartsWith('-') || word.StartsWith("not:", StringComparison.Ordinal);
        string term = !negated ? word : word[0] == '-' ? word[1..] : word[4..];
        if (term.Length == 0) throw Wrong(word, "nothing follows the negation");
        if (term == "detached") return new FindTerm(FindField.Detached, negated, "", 0, 0);
        int place = term[0] == '"' ? -1 : term.AsSpan().IndexOfAny("<>=:");
        FindField? field = place <= 0 ? null : FieldOf(term[..place]);
        if (field is null)
        {
            // `object::Foo` and names with such characters are classes too, but `sise>5` is a slip.
            if (place > 0 && term[place] != ':' && IsWord(term[..place])) throw Wrong(word, $"there is no '{term[..place]}'");
            if (place > 0 && IsWord(term[..place]) && !IsTyped(term, place)) throw Wrong(word, $"there is no '{term[..place]}'");
            return new FindTerm(FindField.Class, negated, Unquote(term), 0, 0);
        }

        string sign = Operators.First(o => term.AsSpan(place).StartsWith(o, StringComparison.Ordinal));
        string value = Unquote(term[(place + sign.Length)..]);
        if (value.Length == 0) throw Wrong(word, $"nothing follows '{sign}'");
        if (field is FindField.Class or FindField.Name or FindField.Type or FindField.Edge)
        {
            return sign is ":" or "="
                ? new FindTerm(field.Value, negated, value, 0, 0)
                : throw Wrong(word, $"'{sign}' compares numbers, expected ':'");
        }

        (long low, long high) = Range(word, field.Value, sign, value);
        return new FindTerm(field.Value, negated, "", low, high);
    }

    private static bool IsTyped(string term, int colon) => colon + 1 < term.Length && term[colon + 1] == ':';

    private static bool IsWord(string text) => text.All(char.IsAsciiLetterLower);

    private static FindField? FieldOf(string name) => name switch
    {
        "class" or "constructor" => FindField.Class,
        "name" => FindField.Name,
        "type" => FindField.Type,
        "edge" => FindField.Edge,
        "size" or "shallow" => FindField.Size,
        "retained" => FindField.Retained,
        "distance" => FindField.Distance,
        "id" => FindField.Id,
        _ => null,
    };

    private static string Unquote(string text) => text is ['"', .., '"'] ? text[1..^1] : text;

    private static (long Low, long High) Range(string word, FindField field, string sign, string value)
    {
        int dots = value.IndexOf("..", StringComparison.Ordinal);
        if (dots >= 0)
        {
            if (sign is not (":" or "=")) throw Wrong(word, $"a range follows ':', not '{sign}'");
            long low = dots == 0 ? 0 : Number(word, field, value[..dots]);
            long high = dots + 2 == value.Length ? long.MaxValue : Number(word, field, value[(dots + 2)..]);
            return low <= high ? (low, high) : throw Wrong(word, "the range ends before it begins");
        }

        long number = Number(word, field, value);
        return sign switch
        {
            ">" => (number + 1, long.MaxValue),
            ">=" => (number, long.MaxValue),
            "<" => (long.MinValue, number - 1),
            "<=" => (long.MinValue, number),
            _ => (number, number),
        };
    }

    private static long Number(string word, FindField field, string text)
    {
        if (field == FindField.Id && NodeIdText.TryParse(text, out ulong id) && id <= long.MaxValue) return (long)id;
        ReadOnlySpan<char> digits = text;
        long unit = 1;
        if (field is FindField.Size or FindField.Retained) unit = TakeUnit(ref digits);
        bool isNumber = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        bool isWhole = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long whole);
        if (isWhole && whole <= (long.MaxValue >> 1) / unit) return whole * unit;
        if (isNumber && unit > 1 && number * unit < (long.MaxValue >> 1)) return (long)(number * unit);
        throw Wrong(word, $"'{text}' is no number{(field is FindField.Size or FindField.Retained ? " of bytes such as 512, 4K, 1.5M" : "")}");
    }

    /// <summary>Takes K, KB, KiB and so on from the end; all count 1024.</summary>
    private static long TakeUnit(ref ReadOnlySpan<char> digits)
    {
        int end = digits.LastIndexOfAnyInRange('0', '9') + 1;
        string unit = digits[end..].ToString().ToUpperInvariant();
        int power = unit switch
        {
            "" or "B" => 0,
            "K" or "KB" or "KIB" => 10,
            "M" or "MB" or "MIB" => 20,
            "G" or "GB" or "GIB" => 30,
            _ => -1,
        };
        if (power < 0) return 1;
        digits = digits[..end];
        return 1L << power;
    }

    private static InputException Wrong(string word, string what) => new($"'{word}': {what}. {Help}");
}

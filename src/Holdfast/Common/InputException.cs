namespace Holdfast.Common;

/// <summary>
/// Something the user gave is wrong: a file, an option, a pattern. The message says which input and where,
/// what was found, what was expected and what to do; it is shown as it is, without a stack trace.
/// </summary>
public sealed class InputException : Exception
{
    public InputException(string message) : base(message)
    {
    }

    public InputException(string message, Exception inner) : base(message, inner)
    {
    }

    public InputException()
    {
    }

    /// <summary>An error at a byte offset of an input (of its decompressed bytes, where it is compressed).</summary>
    public static InputException At(string input, long offset, string found, string expected, string advice) =>
        new($"{input}: at byte {offset}: found {found}, expected {expected}. {advice}");
}

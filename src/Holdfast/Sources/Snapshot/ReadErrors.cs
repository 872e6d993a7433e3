using Holdfast.Common;

namespace Holdfast.Sources.Snapshot;

/// <summary>What goes wrong while bytes are read and unpacked, as errors for the user.</summary>
internal static class ReadErrors
{
    /// <summary>Whether a stream throws this for a damaged or unreadable input; everything else is a bug.</summary>
    public static bool IsOne(Exception e) =>
        e is IOException or UnauthorizedAccessException or InvalidDataException or ZstdSharp.ZstdException

            // BrotliStream's way to say that its data is invalid.
            or InvalidOperationException;

    /// <param name="e">What the stream threw.</param>
    /// <param name="inputName">The input.</param>
    /// <param name="offset">Bytes read before, of the unpacked contents.</param>
    public static InputException Explain(Exception e, string inputName, long offset) => e switch
    {
        EndOfStreamException => new InputException(
            $"{inputName}: the compressed data ends at byte {offset} of its contents. The file was cut short; copy it again.", e),
        IOException or UnauthorizedAccessException => new InputException(
            $"{inputName}: cannot be read past byte {offset}: {e.Message}", e),
        _ => new InputException(
            $"{inputName}: cannot be decompressed past byte {offset} of its contents: {e.Message}. "
            + "The compressed file is damaged or cut short; copy it again.", e),
    };
}

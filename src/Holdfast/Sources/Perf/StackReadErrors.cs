using Holdfast.Common;

namespace Holdfast.Sources.Perf;

/// <summary>What goes wrong while stacks are read from a file or unpacked, as errors for the user.</summary>
internal static class StackReadErrors
{
    public static bool IsOne(Exception e) =>
        e is IOException or UnauthorizedAccessException or InvalidDataException or ZstdSharp.ZstdException or InvalidOperationException;

    public static InputException Explain(Exception e, string inputName, long offset) => new(
        $"{inputName}: cannot be read past byte {offset} of its contents: {e.Message}. If the file is compressed it may be cut short: copy it again.", e);
}

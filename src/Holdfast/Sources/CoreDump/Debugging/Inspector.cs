using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Values of a core dump, by address.</summary>
public static class Inspector
{
    /// <param name="core">The core.</param>
    /// <param name="address">As people type it: <c>0x1a2b3c4d5e61</c>, with or without V8's tag.</param>
    /// <param name="depth">Levels of objects that are taken apart: 1 gives the object's own parts.</param>
    /// <param name="items">Parts of each group.</param>
    /// <param name="characters">Characters of each string.</param>
    /// <param name="withMap">Whether to give its hidden class.</param>
    /// <param name="withSource">Whether to give the source of functions.</param>
    public static Value Inspect(CoreSession core, string address, int depth = 1, int items = 50, int characters = 200, bool withMap = false, bool withSource = false)
    {
        var reader = new ValueReader(core, new ValueOptions(depth, items, characters) { WithMap = withMap, WithSource = withSource });
        return reader.Read(CoreAddresses.Find(core, address), depth);
    }
}

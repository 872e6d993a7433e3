using System.Buffers.Text;
using System.Text;
using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>Frames of <c>perf script</c>'s lines, with file, place, kind and tier where the name says so.</summary>
internal sealed class PerfFrames(StackProfileBuilder builder, PerfTextOptions options)
{
    /// <summary>Appends the frames of a line, outermost first; false where it is none.</summary>
    public bool TryRead(ReadOnlySpan<byte> address, ReadOnlySpan<byte> rest, List<int> frames)
    {
        if (!PerfLine.TryCut(rest, out ReadOnlySpan<byte> symbol, out ReadOnlySpan<byte> module)) return false;
        symbol = PerfLine.WithoutOffset(symbol);
        if (options.NameOf is { } nameOf && symbol.SequenceEqual("[unknown]"u8) && Utf8Parser.TryParse(address, out ulong at, out int used, 'x') && used == address.Length && nameOf(at) is { } known)
            symbol = Encoding.UTF8.GetBytes(known);
        if (ScriptName.TryParse(symbol, out ScriptName script))
        {
            frames.Add(Add(script.Function, FrameKind.JavaScript, module, script.File, script.Line, script.Column, script.Tier));
            return true;
        }

        if (symbol.SequenceEqual("[unknown]"u8))
        {
            frames.Add(AddUnknown(address, module));
            return true;
        }

        // Only what Java's agent writes has functions that were inlined in one line; in C++ "->" is an operator.
        int arrow = NativeNames.IsPerfMap(module) ? symbol.IndexOf("->"u8) : -1;
        while (arrow > 0)
        {
            frames.Add(AddNative(symbol[..arrow], module));
            symbol = symbol[(arrow + 2)..];
            arrow = symbol.IndexOf("->"u8);
        }

        frames.Add(AddNative(symbol, module));
        return true;
    }

    private int AddNative(ReadOnlySpan<byte> symbol, ReadOnlySpan<byte> module)
    {
        FrameKind kind = NativeNames.KindOf(symbol, module, isUnknown: false);
        ReadOnlySpan<byte> name = kind == FrameKind.Builtin || NativeNames.IsGoMethod(symbol) ? symbol : symbol[..NameEnd(symbol)];
        return Add(name.IsEmpty ? symbol : name, kind, module, default, 0, 0, CodeTier.Unknown);
    }

    /// <summary>Where arguments begin; the parentheses of <c>operator()</c> are its name.</summary>
    private static int NameEnd(ReadOnlySpan<byte> symbol)
    {
        int call = symbol.IndexOf("operator()"u8);
        return call < 0 ? NativeNames.ArgumentsAt(symbol) : call + 10 + NativeNames.ArgumentsAt(symbol[(call + 10)..]);
    }

    private int AddUnknown(ReadOnlySpan<byte> address, ReadOnlySpan<byte> module)
    {
        FrameKind kind = NativeNames.KindOf(default, module, isUnknown: true);
        ReadOnlySpan<byte> place = module[(module.LastIndexOf((byte)'/') + 1)..].Trim("[]"u8);

        // The file is named after the process, and the same code of the next process should be the same frame.
        if (NativeNames.IsPerfMap(module) || place.SequenceEqual("anon"u8)) place = "jit"u8;
        if (place.IsEmpty) place = "unknown"u8;
        byte[] name = options.ShowAddresses ? [.. "["u8, .. place, .. " <"u8, .. address, .. ">]"u8] : [.. "["u8, .. place, .. "]"u8];
        return Add(name, kind, module, default, 0, 0, CodeTier.Unknown);
    }

    private int Add(ReadOnlySpan<byte> name, FrameKind kind, ReadOnlySpan<byte> module, ReadOnlySpan<byte> file, int line, int column, CodeTier tier) =>
        builder.AddFrame(new StackFrame(
            builder.Names.Add(name), file.IsEmpty ? -1 : builder.Names.Add(file), kind == FrameKind.JavaScript ? -1 : builder.Names.Add(module), line, column, kind, tier));
}

using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>
/// Frames named as stackcollapse-perf.pl names them, so that its output is had byte by byte. The rules are measured on its
/// published test data; where they are odd they are meant to be.
/// </summary>
internal sealed class CompatibleFrames(StackProfileBuilder builder, PerfTextOptions options)
{
    private byte[] _text = new byte[1024];

    /// <summary>Appends the frames of a line, outermost first; false where it is none.</summary>
    public bool TryRead(ReadOnlySpan<byte> address, ReadOnlySpan<byte> rest, bool isJava, List<int> frames)
    {
        if (!PerfLine.TryCutCompatibly(rest, out ReadOnlySpan<byte> symbol, out ReadOnlySpan<byte> module))
        {
            // The script's pattern gives the symbol the address's last digit where nothing else is left for it.
            if (rest is not [(byte)'(', ..] || address.Length < 2 || rest.LastIndexOf((byte)')') is not (> 0 and int close)) return false;
            symbol = address[^1..];
            module = rest[1..close];
        }

        symbol = PerfLine.WithoutOffset(symbol);
        if (symbol is [(byte)'(', ..]) return true;
        int first = frames.Count;
        while (!symbol.IsEmpty)
        {
            int arrow = symbol.IndexOf("->"u8);
            ReadOnlySpan<byte> part = arrow < 0 ? symbol : symbol[..arrow];
            symbol = arrow < 0 ? default : symbol[(arrow + 2)..];
            frames.Add(Add(part, module, address, isJava, isInline: frames.Count > first));
        }

        return true;
    }

    private int Add(ReadOnlySpan<byte> part, ReadOnlySpan<byte> module, ReadOnlySpan<byte> address, bool isJava, bool isInline)
    {
        int length = 0;
        bool isUnknown = part.SequenceEqual("[unknown]"u8);
        if (isUnknown)
        {
            ReadOnlySpan<byte> name = module.SequenceEqual("[unknown]"u8) ? "unknown"u8 : module[(module.LastIndexOf((byte)'/') + 1)..];
            Append("["u8, ref length);
            Append(name, ref length);
            if (options.ShowAddresses)
            {
                Append(" <"u8, ref length);
                Append(address, ref length);
                Append(">"u8, ref length);
            }

            Append("]"u8, ref length);
        }
        else
        {
            Append(part, ref length);
        }

        length = Tidy(length);
        int start = isJava && length > 0 && _text[0] == 'L' && _text.AsSpan(0, length).Contains((byte)'/') ? 1 : 0;
        Append(Mark(_text.AsSpan(start, length - start), module, isInline), ref length);
        FrameKind kind = NativeNames.KindOf(part, module, isUnknown);
        return builder.AddFrame(new StackFrame(builder.Names.Add(_text.AsSpan(start, length - start)), -1, -1, 0, 0, kind, CodeTier.Unknown));
    }

    private ReadOnlySpan<byte> Mark(ReadOnlySpan<byte> name, ReadOnlySpan<byte> module, bool isInline)
    {
        if (isInline) return name.IndexOf("_[i]"u8) < 0 ? "_[i]"u8 : default;
        if (options.MarkKernel && NativeNames.IsMarkedKernel(module)) return "_[k]"u8;
        return options.MarkJit && NativeNames.IsPerfMap(module) ? "_[j]"u8 : default;
    }

    /// <summary>Semicolons become colons, what is behind a parenthesis goes, and quotes do.</summary>
    private int Tidy(int length)
    {
        Span<byte> text = _text.AsSpan(0, length);
        text.Replace((byte)';', (byte)':');
        if (!NativeNames.IsGoMethod(text)) text = text[..NativeNames.ArgumentsAt(text)];
        int kept = 0;
        foreach (byte b in text)
        {
            if (b is not ((byte)'"' or (byte)'\'')) _text[kept++] = b;
        }

        return kept;
    }

    private void Append(ReadOnlySpan<byte> more, ref int length)
    {
        if (length + more.Length > _text.Length) Array.Resize(ref _text, Math.Max(length + more.Length, _text.Length * 2));
        more.CopyTo(_text.AsSpan(length));
        length += more.Length;
    }
}

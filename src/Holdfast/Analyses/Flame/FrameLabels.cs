using System.Globalization;
using System.Text;
using Holdfast.Model;

namespace Holdfast.Analyses.Flame;

/// <summary>What frames of a profile are called in a tree, by the options asked for.</summary>
internal sealed class FrameLabels
{
    private const string Internals = "(node internals)";
    private const string OwnCode = "(app)";

    private readonly StackProfile _profile;
    private readonly FlameOptions _options;
    private readonly FlameTreeBuilder _tree;
    private readonly int[] _labels;
    private readonly bool[] _collapses;

    public FrameLabels(StackProfile profile, FlameOptions options, FlameTreeBuilder tree)
    {
        (_profile, _options, _tree) = (profile, options, tree);
        _labels = new int[profile.Frames.Length];
        _collapses = new bool[profile.Frames.Length];
        for (int i = 0; i < _labels.Length; i++) (_labels[i], _collapses[i]) = Add(profile.Frames[i]);
    }

    /// <summary>The label of a frame, in the tree's.</summary>
    public int Of(int frame) => _labels[frame];

    /// <summary>Whether the frame is not drawn again where its caller has the same label.</summary>
    public bool Collapses(int frame) => _collapses[frame];

    /// <summary>The package a file belongs to, or null: the last one its path names, since packages bring packages.</summary>
    internal static string? PackageOf(string file)
    {
        const string Folder = "node_modules/";
        int at = file.Replace('\\', '/').LastIndexOf(Folder, StringComparison.Ordinal);
        if (at < 0) return null;
        string[] parts = file[(at + Folder.Length)..].Replace('\\', '/').Split('/');
        return parts[0].StartsWith('@') && parts.Length > 1 ? $"{parts[0]}/{parts[1]}" : parts[0];
    }

    private (int Label, bool Collapses) Add(StackFrame frame)
    {
        string? file = frame.File < 0 ? null : _profile.Names.Decode(frame.File);
        bool isInternal = frame.Kind == FrameKind.JavaScript && file is not null && file.StartsWith("node:", StringComparison.Ordinal);
        if (frame.Kind != FrameKind.Process && _options.Grouping != FrameGrouping.None && Group(frame, file, isInternal) is { } group)
            return (_tree.AddLabel(Encoding.UTF8.GetBytes(group), new FlameLabel(frame.Kind, null, 0, 0, frame.Kind == FrameKind.JavaScript && !isInternal)), true);
        if (isInternal && _options.CollapseInternals)
            return (_tree.AddLabel(Encoding.UTF8.GetBytes(Internals), new FlameLabel(frame.Kind, null, 0, 0, false)), true);
        bool isOwn = frame.Kind == FrameKind.JavaScript && !isInternal && file is not null;
        return (_tree.AddLabel(Text(frame, file), new FlameLabel(frame.Kind, file, frame.Line, frame.Column, isOwn)), false);
    }

    private string? Group(StackFrame frame, string? file, bool isInternal)
    {
        string? module = frame.Module < 0 ? null : _profile.Names.Decode(frame.Module);
        string native = frame.Kind == FrameKind.Kernel ? "[kernel]" : module is null ? "[native]" : $"[{Path.GetFileName(module.Trim('[', ']'))}]";
        if (frame.Kind is FrameKind.Unknown) return null;
        if (frame.Kind != FrameKind.JavaScript) return native;
        if (_options.Grouping == FrameGrouping.File) return file ?? "(no file)";
        return isInternal ? "(node)" : file is null ? "(no file)" : PackageOf(file) ?? OwnCode;
    }

    private byte[] Text(StackFrame frame, string? file)
    {
        ReadOnlySpan<byte> name = _profile.Names[frame.Name];
        if (_options.AsNamed) return name.ToArray();
        ReadOnlySpan<byte> mark = frame.Kind == FrameKind.Kernel && _options.MarkKernel && !name.EndsWith("_[k]"u8) ? "_[k]"u8
            : IsJit(frame) && _options.MarkJit && !name.EndsWith("_[j]"u8) ? "_[j]"u8 : default;
        byte[] text = [.. frame.Kind == FrameKind.JavaScript ? Script(frame, name, file) : name, .. mark];
        text.AsSpan().Replace((byte)';', (byte)':');
        text.AsSpan().Replace((byte)'\n', (byte)' ');
        return text;
    }

    private bool IsJit(StackFrame frame) => frame.Kind == FrameKind.JavaScript
        || (frame.Module >= 0 && _profile.Names[frame.Module].StartsWith("/tmp/perf-"u8));

    private byte[] Script(StackFrame frame, ReadOnlySpan<byte> name, string? file)
    {
        string mark = _options.MergeTiers ? "" : frame.Tier switch
        {
            CodeTier.Interpreted => "~",
            CodeTier.Baseline => "^",
            CodeTier.Maglev => "+",
            CodeTier.TurboFan => "*",
            _ => "",
        };
        string place = file is null ? "" : " " + file;
        if (frame.Line > 0) place += string.Create(CultureInfo.InvariantCulture, $":{frame.Line}");
        if (frame.Column > 0) place += string.Create(CultureInfo.InvariantCulture, $":{frame.Column}");
        return [.. Encoding.UTF8.GetBytes(mark), .. name.IsEmpty ? "(anonymous)"u8 : name, .. Encoding.UTF8.GetBytes(place)];
    }
}

using System.Globalization;
using System.Text;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump;

/// <summary>
/// A core dump as a process's memory: the ranges it has, threads, and what is known of the program, from its binary, from the
/// core itself, or from what packing noted.
/// </summary>
internal sealed class CoreImage : IDisposable
{
    private const ulong AuxEntry = 9;
    private const ulong AuxRandom = 25;
    private const ulong AuxProgramHeaders = 3;
    private const ulong AuxProgramHeaderCount = 5;
    private const string ConstantPrefix = "v8dbg_";

    private static readonly byte[][] Wanted =
    [
        Encoding.ASCII.GetBytes(ConstantPrefix),
        "_ZN2v88internal7Version"u8.ToArray(),
        Encoding.ASCII.GetBytes(V8.NodeClasses.Prefix),
        "_ZN2v88internal18g_current_isolate_E"u8.ToArray(),
        "_ZN2v88internal7Isolate12isolate_key_E"u8.ToArray(),
        "_ZN4node11per_process15node_start_timeE"u8.ToArray(),
    ];

    /// <summary>The largest piece of zeros.</summary>
    private const ulong ZeroBytes = 1 << 28;

    private readonly MappedFile _file;
    private MappedFile? _program;
    private Column<byte>? _zeros;

    private CoreImage(MappedFile file, ElfHeader header)
    {
        _file = file;
        Header = header;
        Notes = CoreNotes.Read(file, header);
    }

    public string Name => _file.Name;

    /// <summary>The same for all cores of one process: its id, and where the kernel put things when it began.</summary>
    public string ProcessKey => $"{(Notes.Threads.Count == 0 ? 0 : Notes.Threads.Min(t => t.Id))}-{Notes.AuxiliaryVector.GetValueOrDefault(AuxRandom):x}-{Notes.AuxiliaryVector.GetValueOrDefault(AuxEntry):x}";

    public long FileBytes => _file.Length;

    public ElfHeader Header { get; }

    public CoreNotes Notes { get; }

    public AddressSpace Memory { get; } = new();

    /// <summary>Bytes of memory the core says it has and the file does not.</summary>
    public ulong MissingBytes { get; private set; }

    /// <summary>The program's binary, where one was found.</summary>
    public string? ProgramPath { get; private set; }

    /// <summary>That binary's bytes.</summary>
    public MappedFile? Program => ProgramPath is null ? null : _program;

    /// <summary>How far from its own addresses the program was loaded.</summary>
    public ulong ProgramBias { get; private set; }

    /// <summary>Symbols of the program: addresses in memory.</summary>
    public Dictionary<string, ulong> Symbols { get; } = [];

    /// <summary>V8's postmortem constants (<c>JSFunction.shared</c>, <c>type_…</c>), empty where they were not found.</summary>
    public Dictionary<string, int> Constants { get; } = [];

    /// <summary>Instance types by number, as the program names them.</summary>
    public Dictionary<int, string> Types { get; } = [];

    /// <summary>The size of the program's thread-local storage, which is below the thread pointer.</summary>
    public ulong ThreadLocalBytes { get; private set; }

    /// <summary>V8's version as the program or packing says, or as it was found in the heap.</summary>
    public V8Version Version { get; internal set; }

    /// <param name="file">The open core; closed with this image.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="program">The node binary the process ran, or null to look where the core says it was.</param>
    /// <param name="work">Warnings and cancellation.</param>
    /// <exception cref="InputException">It is no core dump.</exception>
    public static CoreImage Open(FileStream file, string name, string? program, Work work)
    {
        MappedFile map = MappedFile.Open(file, name);
        CoreImage? image = null;
        try
        {
            ElfHeader header = ElfHeader.Read(map);
            CheckKind(map, header);
            CheckBytes(map, header);
            image = new CoreImage(map, header);
            image.AddMemory(work);
            image.AddProgram(program, work);
            return image;
        }
        catch
        {
            if (image is null) map.Dispose();
            else image.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _program?.Dispose();
        _file.Dispose();
        _zeros?.Dispose();
    }

    /// <summary>Whether the file has nothing where these bytes of its map are.</summary>
    public unsafe bool IsHole(IntPtr at) => _file.IsHole((byte*)at);

    /// <summary>Gives each note of the core to a visitor.</summary>
    public void VisitNotes(CoreNotes.Visitor visitor) => CoreNotes.Visit(_file, Header, visitor);

    /// <summary>Has the system read what is looked at here and there, or ahead.</summary>
    public void ExpectScattered(bool scattered) => _file.ExpectScattered(scattered);

    private static void CheckKind(MappedFile map, ElfHeader header)
    {
        if (header.Type is ElfHeader.Executable or ElfHeader.SharedObject)
            throw new InputException($"{map.Name}: this is a program or library, not a core dump. Give the core; a binary is given with --exe.");
        if (header.Type != ElfHeader.Core)
            throw InputException.At(map.Name, 16, $"ELF type {header.Type}", "a core dump (type 4)", "Take the core with gcore, or let the kernel write it (ulimit -c unlimited).");
        if (header.Machine != ElfHeader.MachineX64)
        {
            string machine = header.Machine == ElfHeader.MachineArm64 ? "arm64" : $"machine {header.Machine}";
            throw InputException.At(map.Name, 18, machine, "x64 (62)", "Cores of other machines are not read yet.");
        }
    }

    /// <summary>Each byte of a core is of one segment. Were they of many, a small file could be more memory than there is.</summary>
    private static void CheckBytes(MappedFile map, ElfHeader header)
    {
        ulong described = 0;
        foreach (Segment segment in header.Segments)
        {
            if (segment.Type is Segment.Load or Segment.Note) described += There(map, segment);
            if (described > (ulong)map.Length)
                throw new InputException($"{map.Name}: found segments that overlap in the file ({described} bytes in a file of {map.Length}), expected each byte to be of one segment. The file is damaged; take the core again.");
        }
    }

    /// <summary>Bytes of a segment that the file has.</summary>
    private static ulong There(MappedFile map, Segment segment) =>
        segment.Offset >= (ulong)map.Length ? 0 : Math.Min(segment.FileSize, (ulong)map.Length - segment.Offset);

    private unsafe void AddMemory(Work work)
    {
        var ranges = new List<MemoryRange>();
        if (Notes.Packed is not null) AddZeros(ranges);
        foreach (Segment segment in Header.Segments)
        {
            if (segment.Type != Segment.Load || segment.FileSize == 0) continue;
            ulong there = There(_file, segment);
            MissingBytes += segment.FileSize - there;
            if (there > 0) ranges.Add(new MemoryRange(segment.Address, there, _file.Start + segment.Offset, segment.Flags));
        }

        Memory.Add(ranges);
        Memory.StoredBytes = _file.StoredBytes;
        if (Header.Segments.Count < Header.SegmentCount)
            work.Warn($"{Name}: the file is cut: {Header.SegmentCount - Header.Segments.Count} of {Header.SegmentCount} descriptions of memory are missing.");
        else if (MissingBytes > 0)
            work.Warn($"{Name}: the file is cut: {MissingBytes / 1024.0 / 1024.0:F1} MiB of the process's memory are missing from its end. What was there is not counted.");
    }

    /// <summary>Packing leaves out what is zero; in other cores memory without bytes in the file is not known.</summary>
    private unsafe void AddZeros(List<MemoryRange> ranges)
    {
        ulong left = Limits.MaxUnpackedCoreBytes, most = 0;
        var zeros = new List<(ulong Start, ulong End, uint Flags)>();
        foreach (Segment segment in Header.Segments.Where(s => s.Type == Segment.Load && s.MemorySize > s.FileSize))
        {
            ulong start = segment.Address + segment.FileSize, bytes = Math.Min(segment.MemorySize - segment.FileSize, left);
            if (start < segment.Address || start + bytes < start) continue;
            left -= bytes;
            for (ulong end = start + bytes; start < end; start += ZeroBytes) zeros.Add((start, Math.Min(end, start + ZeroBytes), segment.Flags));
            most = Math.Max(most, Math.Min(bytes, ZeroBytes));
        }

        if (most == 0) return;
        _zeros = new Column<byte>((long)most);
        fixed (byte* data = _zeros.Span)
        {
            foreach ((ulong start, ulong end, uint flags) in zeros) ranges.Add(new MemoryRange(start, end - start, data, flags));
        }
    }

    private void AddProgram(string? given, Work work)
    {
        if (Notes.Packed is { } packed)
        {
            ReadPacked(packed);
            return;
        }

        string? path = given ?? GuessPath();
        if (path is null || OpenProgram(path, mustExist: given is not null) is not { } program)
        {
            AddLoadedSymbols();
            return;
        }

        _program = program;
        if (ReadProgramHeader(program, mustBeOne: given is not null, work) is not { } header) return;
        ulong bias = Notes.AuxiliaryVector.TryGetValue(AuxEntry, out ulong entry) ? entry - header.Entry : 0;
        if (!IsSameProgram(program, header))
        {
            string message = $"{program.Name}: is not the binary that {Name} is of (its headers differ from those in the core).";
            if (given is not null) throw new InputException($"{message} Give the node binary that the process ran.");
            work.Warn($"{message} It may have been updated since; give the right one with --exe for best results.");
            AddLoadedSymbols();
            return;
        }

        (ProgramPath, ProgramBias) = (path, bias);
        AddProgramMemory(program, header, bias);
        foreach ((string name, ulong address) in ElfSymbols.Read(program, header, Wanted).Addresses) Symbols[name] = address + bias;
        ReadConstants();
        ThreadLocalBytes = header.Segments.Where(s => s.Type == Segment.ThreadLocal).Select(s => s.MemorySize).FirstOrDefault();
    }

    /// <summary>Without the binary: what the core has of it.</summary>
    private void AddLoadedSymbols()
    {
        if (!Notes.AuxiliaryVector.TryGetValue(AuxProgramHeaders, out ulong headers)) return;
        int count = (int)Math.Min(Notes.AuxiliaryVector.GetValueOrDefault(AuxProgramHeaderCount), int.MaxValue);
        foreach ((string name, ulong address) in ElfSymbols.ReadLoaded(Memory, headers, count, Wanted)) Symbols[name] = address;
        ReadConstants();
    }

    /// <summary>The file that was mapped where the program begins.</summary>
    private string? GuessPath()
    {
        if (!Notes.AuxiliaryVector.TryGetValue(AuxEntry, out ulong entry)) return null;
        CoreFile file = Notes.MappedFiles.FirstOrDefault(f => f.Start <= entry && entry < f.End);
        return file.Path;
    }

    private ElfHeader? ReadProgramHeader(MappedFile program, bool mustBeOne, Work work)
    {
        try
        {
            return ElfHeader.Read(program);
        }
        catch (InputException e)
        {
            if (mustBeOne) throw new InputException($"{program.Name}: is given with --exe and is no program. {e.Message}", e);
            work.Warn($"{program.Name}: is not the binary that {Name} is of, nor any other; give the right one with --exe for best results.");
            return null;
        }
    }

    private static MappedFile? OpenProgram(string path, bool mustExist)
    {
        try
        {
            // What the core says is there may be a pipe or a device by now, which one may not open to see.
            if (!mustExist && new FileInfo(path) is not { Exists: true, Length: > 0 }) return null;
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return MappedFile.Open(file, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            if (!mustExist) return null;
            throw new InputException($"{path}: the binary given with --exe cannot be opened: {e.Message}", e);
        }
    }

    private bool IsSameProgram(MappedFile program, ElfHeader header)
    {
        if (header.Type is not (ElfHeader.Executable or ElfHeader.SharedObject) || header.Machine != Header.Machine) return false;
        if (!Notes.AuxiliaryVector.TryGetValue(AuxProgramHeaders, out ulong address)) return true;
        ReadOnlySpan<byte> inCore = Memory.Exactly(address, 56 * header.Segments.Count);
        return inCore.IsEmpty || inCore.SequenceEqual(program.Slice(64, (ulong)inCore.Length));
    }

    private unsafe void AddProgramMemory(MappedFile program, ElfHeader header, ulong bias)
    {
        Memory.StoredBytes += program.StoredBytes;
        Memory.Add(header.Segments
            .Where(s => s.Type == Segment.Load && s.Offset < (ulong)program.Length)
            .Select(s => new MemoryRange(s.Address + bias, Math.Min(s.FileSize, (ulong)program.Length - s.Offset), program.Start + s.Offset, s.Flags)));
    }

    private void ReadConstants()
    {
        foreach ((string symbol, ulong address) in Symbols)
        {
            if (!symbol.StartsWith(ConstantPrefix, StringComparison.Ordinal)) continue;

            // One that is zero may be where the file has no bytes.
            AddConstant(symbol[ConstantPrefix.Length..], Memory.Int32(address));
        }

        int Part(string name) => Symbols.TryGetValue($"_ZN2v88internal7Version6{name}_E", out ulong at) || Symbols.TryGetValue($"_ZN2v88internal7Version6{name}E", out at)
            ? Memory.Int32(at) : 0;
        var version = new V8Version(Part("major"), Part("minor"), Part("build"), Part("patch"));
        if (version is { Major: > 0 and < 100, Minor: >= 0 and < 100 }) Version = version;
    }

    private void AddConstant(string name, int value)
    {
        if (name.StartsWith("type_", StringComparison.Ordinal))
        {
            // The second name of a type, that of weak array lists.
            if (name.EndsWith("DEPENDENT_CODE_TYPE", StringComparison.Ordinal)) return;
            string type = name[(name.IndexOf("__", StringComparison.Ordinal) + 2)..];
            Types[value] = type.EndsWith("_TYPE", StringComparison.Ordinal) ? type[..^5] : type;
            return;
        }

        // class_JSFunction__shared__SharedFunctionInfo: the last part, a type, differs between versions.
        const string Class = "class_";
        string[] parts = name.Split("__");
        Constants[parts.Length >= 2 && parts[0].StartsWith(Class, StringComparison.Ordinal) ? $"{parts[0][Class.Length..]}.{parts[1]}" : name] = value;
    }

    private void ReadPacked(string note)
    {
        foreach (string line in note.Split('\n'))
        {
            switch (line.Split(' '))
            {
                case ["v8", var version]:
                    Version = V8Version.TryParse(version) ?? default;
                    break;
                case ["type", var number, var name]:
                    if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int type)) Types[type] = name;
                    break;
                case ["const", var name, var value]:
                    if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int constant)) Constants[name] = constant;
                    break;
                case ["symbol", var name, var address]:
                    if (ulong.TryParse(address, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong at)) Symbols[name] = at;
                    break;
                case ["tls", var bytes]:
                    if (ulong.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out ulong tls)) ThreadLocalBytes = tls;
                    break;
            }
        }
    }
}

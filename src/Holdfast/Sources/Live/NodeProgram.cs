using System.Buffers;
using System.Globalization;
using System.Text;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.Live;

/// <summary>A program that is Node.js, told by what is in it and not by its name.</summary>
/// <param name="Version"><c>24.21.0</c>; empty where it could not be found.</param>
internal sealed record NodeProgram(string Version)
{
    /// <summary>What V8 exports for debuggers, and what only Node does.</summary>
    private static readonly byte[][] Wanted = ["v8dbg_class_JSFunction__shared"u8.ToArray(), "_ZN4node5StartEiPPc"u8.ToArray(), "node_module_register"u8.ToArray(), "napi_create_function"u8.ToArray()];

    private static readonly SearchValues<byte> VersionBytes = SearchValues.Create("0123456789."u8);

    /// <summary>Node's own release names its archive, and the program keeps that.</summary>
    private static ReadOnlySpan<byte> ReleaseMark => "/node-v"u8;

    /// <param name="path">The program; <c>/proc/N/exe</c> is the one a process runs, whatever its name is or whether it still has one.</param>
    /// <returns>Null where it is something else, or cannot be read.</returns>
    public static NodeProgram? Read(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using MappedFile map = MappedFile.Open(file, path);
            ElfHeader header = ElfHeader.Read(map);
            if (header.Type is not (ElfHeader.Executable or ElfHeader.SharedObject)) return null;
            IReadOnlyDictionary<string, ulong> symbols = ElfSymbols.Read(map, header, Wanted).Addresses;
            bool isNode = symbols.Keys.Any(s => s.StartsWith("v8dbg_", StringComparison.Ordinal)) && symbols.Keys.Any(s => !s.StartsWith("v8dbg_", StringComparison.Ordinal));
            return isNode ? new NodeProgram(FindVersion(map, header)) : null;
        }
        catch (Exception e) when (ProcFolder.IsGone(e) || e is InputException)
        {
            return null;
        }
    }

    private static string FindVersion(MappedFile map, ElfHeader header)
    {
        foreach (Segment segment in header.Segments.Where(s => s.Type == Segment.Load && (s.Flags & 2) == 0))
        {
            ReadOnlySpan<byte> bytes = map.Slice(segment.Offset, segment.FileSize);
            for (int found; (found = bytes.IndexOf(ReleaseMark)) >= 0;)
            {
                bytes = bytes[(found + ReleaseMark.Length)..];
                int end = bytes.IndexOfAnyExcept(VersionBytes);
                string version = Encoding.ASCII.GetString(bytes[..Math.Max(0, end)]).TrimEnd('.');
                if (version.Split('.') is { Length: 3 } parts && parts.All(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _))) return version;
            }
        }

        return "";
    }
}

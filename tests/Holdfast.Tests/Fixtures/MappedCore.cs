using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Tests.Fixtures;

/// <summary>An ELF file that is mapped, for what reads one without a heap.</summary>
internal sealed class MappedCore : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MappedCore(byte[] core)
    {
        string path = _folder.Write(OpenCore.Name, core);
        File = MappedFile.Open(System.IO.File.OpenRead(path), path);
    }

    public MappedFile File { get; }

    public ElfHeader Header => ElfHeader.Read(File);

    public CoreNotes Notes => CoreNotes.Read(File, Header);

    public void Dispose()
    {
        File.Dispose();
        _folder.Dispose();
    }
}

using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>What a core was packed into.</summary>
/// <param name="CoreBytes">The core's size.</param>
/// <param name="MemoryBytes">Bytes of memory that were taken along.</param>
/// <param name="UnpackedBytes">The packed core's size when it is unpacked.</param>
/// <param name="Heaps">The heaps in it.</param>
internal sealed record PackedCore(long CoreBytes, ulong MemoryBytes, ulong UnpackedBytes, List<HeapFigures> Heaps);

/// <summary>
/// Makes a small core of a large one: an ELF core that has only what answers are read from. What that is is not worked out but
/// seen: the heaps of all threads are read, and what was looked at on the way is taken along.
/// </summary>
internal static class CorePacker
{
    /// <param name="core">The open core; closed when done.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="options">The binary, and whether to go on where the heap does not fit its version.</param>
    /// <param name="redact">Whether to leave out what strings, numbers and buffers hold.</param>
    /// <param name="withBuffers">Whether to take along what array buffers hold.</param>
    /// <param name="output">Where the packed core goes, uncompressed.</param>
    /// <param name="work">Progress, warnings and cancellation.</param>
    /// <exception cref="InputException">It is no core dump, or has no heap that can be read.</exception>
    public static PackedCore Pack(FileStream core, string name, CoreOptions options, bool redact, bool withBuffers, Stream output, Work work)
    {
        using CoreImage image = CoreImage.Open(core, name, options.Program, work);
        AddressSpace memory = image.Memory;
        var touched = new TouchedMemory();
        memory.Touched = touched;
        using V8Heap heap = HeapReader.Read(image, options.Force, work);
        IReadOnlyList<IsolateInfo> isolates = IsolateFinder.Find(image, heap);
        List<HeapFigures> figures = HeapFigures.OfAll(image, heap, isolates, work);
        memory.Touched = null;

        var contents = new PackedContents(image, heap, isolates, touched, withBuffers && !redact, work);
        List<(ulong Start, ulong End)> wholes = [.. contents.Pages.OrderBy(p => p.Base).Select(p => (p.Base, p.Base + p.Bytes))];
        using MemoryRedactor? redactor = redact ? new MemoryRedactor(image, heap, isolates, contents, touched, work) : null;
        MemorySource source = redactor is null ? (address, buffer) => memory.Copy(address, buffer) : redactor.Fill;
        work.Report("choosing memory");
        List<Segment> segments = PackedSegments.Plan(contents.Ranges, wholes, memory, source, work);
        ulong bytes = CoreFileWriter.Write(output, PackedNotes.Write(image, redact), segments, source, work);
        return new PackedCore(image.FileBytes, segments.Aggregate(0UL, (sum, s) => sum + s.MemorySize), bytes, figures);
    }
}

using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

internal sealed class MemoryRedactor : IDisposable
{
    public MemoryRedactor(CoreImage image, V8Heap heap, IReadOnlyList<IsolateInfo> isolates, PackedContents contents, TouchedMemory touched, Work work)
    {
        _x = image;
    }
    private readonly CoreImage _x;
    public void Fill(ulong address, Span<byte> buffer) {_ = _x.Name;}
    public void Dispose() {}
}

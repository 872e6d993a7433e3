using System.Text;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump;

/// <summary>Finds V8's heap in a process's memory, and checks that its version is known well enough to be believed.</summary>
internal static class HeapReader
{
    /// <summary>Share of the heap's bytes that may be no object, before the version's table is held to be wrong.</summary>
    public const double MostUnparsed = 0.005;

    public static V8Heap Read(CoreImage image, bool force, Work work)
    {
        image.ExpectScattered(true);
        List<HeapPage> pages = PageFinder.Find(image.Memory, image.Name, image.IsHole, work);
        image.ExpectScattered(false);
        if (pages.Count == 0)
        {
            throw new InputException($"{image.Name}: no heap of V8 was found in this core. Is it of a Node.js process? A core must have the process's "
                + "private memory (bit 0 of /proc/PID/coredump_filter; the usual 0x33 has it).");
        }

        PageLists.Mark(image.Memory, pages);
        V8Version version = image.Version.IsKnown ? image.Version : FindVersion(image.Memory, pages) ?? default;
        if (!version.IsKnown)
            throw new InputException($"{image.Name}: cannot tell which version of V8 this is. Give the node binary the process ran with --exe.");
        image.Version = version;
        VersionTable table = VersionTable.Nearest(version);
        if (table.Version.Number != version.Number)
            work.Warn($"{image.Name}: V8 {version} is not known to this version of Holdfast; read by the table of V8 {table.Version} and what the program itself says.");

        V8Heap heap = MakeHeap(image, pages, version, table);
        try
        {
            bool isCollecting = heap.Pages.All.Select(p => p.Heap).Distinct().Any(address => IsCollecting(heap, address));
            Dictionary<ulong, ulong> unused = isCollecting ? CollectorBuffers.Find(image.Memory, heap.Pages, image.IsHole, work) : [];
            HeapWalker walked = HeapWalker.Run(heap, AllocationBuffers.Find(image.Memory, heap.Pages), unused, address => IsCollecting(heap, address), work);
            heap.UnparsedBytes = walked.UnparsedBytes;
            if (walked.CollectingPages > 0)
                work.Warn($"{image.Name}: the core was taken during a garbage collection, with {walked.ForwardedObjects} objects on the move. They are found where they went; some garbage may be counted twice.");
            Calibrate(image, version, walked, force, work);
            return heap;
        }
        catch
        {
            heap.Dispose();
            throw;
        }
    }

    private static V8Heap MakeHeap(CoreImage image, List<HeapPage> pages, V8Version version, VersionTable table)
    {
        var constants = new Dictionary<string, int>(table.Constants);
        var types = new Dictionary<int, string>(table.Types);
        if (image.Constants.Count > 0 && table.Version.Number != version.Number)
        {
            // Numbers that the program itself gives push aside those of the nearest version.
            var named = image.Types.Values.ToHashSet();
            foreach (int number in types.Where(t => named.Contains(t.Value)).Select(t => t.Key).ToArray()) types.Remove(number);
        }

        foreach ((string name, int value) in image.Constants) constants[name] = value;
        foreach ((int number, string name) in image.Types) types[number] = name;
        return new V8Heap(image.Memory, pages, new V8Layout(version, constants), new TypeCatalog(types, constants, version)) { Name = image.Name, Version = version, Table = table, NativeClasses = new NodeClasses(image.Symbols) };
    }

    /// <summary>Whether V8 was collecting garbage in this heap, by the state its isolate says it is in.</summary>
    private static bool IsCollecting(V8Heap heap, ulong address)
    {
        const int Collecting = 1;
        V8Layout layout = heap.Layout;
        int offset = layout.Offset("Isolate.heap", 0);
        if (offset == 0) return false;
        ulong top = address - (ulong)offset + (ulong)layout.Offset("Isolate.thread_local_top", 0);
        return heap.Memory.Int32(top + (ulong)layout.Offset("ThreadLocalTop.vm_state", 0)) == Collecting;
    }

    private static void Calibrate(CoreImage image, V8Version version, HeapWalker walked, bool force, Work work)
    {
        long all = walked.ParsedBytes + walked.UnparsedBytes;
        double share = all == 0 ? 1 : (double)walked.UnparsedBytes / all;
        if (share <= MostUnparsed) return;
        string worst = string.Join(", ", walked.UnparsedAfter.OrderByDescending(u => u.Value).Take(3).Select(u => $"{u.Value} bytes at or after {u.Key}"));
        string message = $"{image.Name}: {share:P2} of the heap's bytes ({walked.UnparsedBytes} of {all}) could not be read as objects of V8 {version}; "
            + $"{MostUnparsed:P1} is allowed (limit MostUnparsed). {worst}.";
        if (!force) throw new InputException($"{message} The answers might be wrong; --force gives them all the same.");
        work.Warn(message);
    }

    /// <summary>V8's version as the process itself has it in <c>process.versions</c>: a string in the heap.</summary>
    private static V8Version? FindVersion(AddressSpace memory, List<HeapPage> pages)
    {
        ReadOnlySpan<byte> mark = "-node."u8;
        foreach (HeapPage page in pages)
        {
            ReadOnlySpan<byte> bytes = memory.From(page.Start, page.End - page.Start);
            for (int at = 0, found; (found = bytes[at..].IndexOf(mark)) >= 0; at += found + mark.Length)
            {
                int end = at + found, start = end;
                while (start > 0 && end - start < 20 && bytes[start - 1] is (byte)'.' or (>= (byte)'0' and <= (byte)'9')) start--;
                if (V8Version.TryParse(Encoding.ASCII.GetString(bytes[start..end])) is { Build: > 0 } version) return version;
            }
        }

        return null;
    }
}

namespace Holdfast.Common;

/// <summary>
/// Named limits against hostile or damaged input. Each one is far above what a real process writes,
/// and each has a test that goes past it.
/// </summary>
public static class Limits
{
    /// <summary>Nodes in one graph: node indexes are 32-bit and a column is one span.</summary>
    public const long MaxNodes = int.MaxValue - 64;

    /// <summary>Edges in one graph: edge indexes are 32-bit and a column is one span.</summary>
    public const long MaxEdges = int.MaxValue - 64;

    /// <summary>Strings in one string table.</summary>
    public const long MaxStrings = int.MaxValue - 64;

    /// <summary>UTF-8 bytes of one string. V8 writes at most 1,024 characters; other producers may write whole ones.</summary>
    public const int MaxStringBytes = 1 << 29;

    /// <summary>Bytes of the <c>snapshot</c> section (field names, type names, counts).</summary>
    public const int MaxHeaderBytes = 16 << 20;

    /// <summary>Depth of nested values in sections that are skipped, and of the allocation trace tree.</summary>
    public const int MaxNesting = 100_000;

    /// <summary>Bytes of a section key at the top level of a snapshot.</summary>
    public const int MaxSectionNameBytes = 4096;

    /// <summary>The largest number a row may hold (a node id, a size): 2^53 - 1, what JavaScript itself can write.</summary>
    public const ulong MaxNumber = (1UL << 53) - 1;

    /// <summary>Fields of one row that a snapshot may declare.</summary>
    public const int MaxFields = 64;

    /// <summary>Rows for which memory is taken on a header's word alone, when the input's length is not known.</summary>
    public const long MaxUnprovenRows = 1 << 20;

    /// <summary>Segments of one ELF file. Linux allows a process 65,530 mappings unless told otherwise.</summary>
    public const long MaxSegments = 1 << 22;

    /// <summary>Threads of one core.</summary>
    public const int MaxThreads = 1 << 20;

    /// <summary>Pages of V8's heap in one core: 512 GiB of them.</summary>
    public const int MaxHeapPages = 1 << 21;

    /// <summary>Bytes of one object: offsets in it are 32-bit. V8's largest are half as long.</summary>
    public const long MaxObjectBytes = int.MaxValue - 0xFFFF;

    /// <summary>Bytes of V8's pages that are copied because they are in several pieces, all in all.</summary>
    public const long MaxCopiedPageBytes = 1 << 30;

    /// <summary>Blocks of handles, entries of lists and queues that are followed in a core's memory.</summary>
    public const int MaxHandleBlocks = 1 << 22;

    /// <summary>Places that should keep objects alive and that a core has no memory for. Of those it has there are not more than words.</summary>
    public const int MaxMissingRoots = 1 << 24;

    /// <summary>
    /// How often each word of a core may be looked at because it is of an array or a dictionary that objects share, on average;
    /// <see cref="MaxSharedReads"/> more are allowed to all together.
    /// </summary>
    public const int MaxSharedReadsPerWord = 64;

    /// <inheritdoc cref="MaxSharedReadsPerWord"/>
    public const int MaxSharedReads = 1 << 24;

    /// <summary>Bytes of one stack, or of one list of references, that are looked at.</summary>
    public const int MaxStackBytes = 64 << 20;

    /// <summary>Characters of a name or a string's contents that a graph keeps: as many as V8's own snapshots do.</summary>
    public const int MaxNameCharacters = 1024;

    /// <summary>Parts of concatenated strings that are followed, of all those that a graph needs the contents of.</summary>
    public const int MaxStringParts = 1 << 26;

    /// <summary>Characters of one script's source that are looked through for line ends.</summary>
    public const int MaxSourceCharacters = 1 << 28;

    /// <summary>Holes of a sparse file that are remembered; what comes after them is read.</summary>
    public const int MaxHoles = 1 << 20;

    /// <summary>Frames of one stack.</summary>
    public const int MaxFrames = 1 << 20;

    /// <summary>Times the next frame of a stack is looked for because frame pointers do not lead on.</summary>
    public const int MaxStackScans = 64;

    /// <summary>Arguments of one call that are read.</summary>
    public const int MaxFrameArguments = 100;

    /// <summary>Operations in the description of one place in optimized code.</summary>
    public const int MaxTranslationSteps = 1 << 16;

    /// <summary>Functions of a binary's table of symbols.</summary>
    public const int MaxFunctionSymbols = 1 << 22;

    /// <summary>Characters of a function's name in native code.</summary>
    public const int MaxSymbolCharacters = 4096;

    /// <summary>Lines of a source that are shown at once.</summary>
    public const int MaxSourceLines = 1 << 20;

    /// <summary>Bytes of a thread's name.</summary>
    public const ulong MaxThreadName = 256;

    /// <summary>Bytes of a core that is unpacked from a compressed file; holes in it take no room on the disk.</summary>
    public const ulong MaxUnpackedCoreBytes = 1UL << 38;

    /// <summary>Bytes of a bigint that is shown: writing it in decimal takes the square of that.</summary>
    public const long MaxBigIntBytes = 1 << 14;

    /// <summary>Arguments and environment variables that are read from a core.</summary>
    public const int MaxEnvironment = 100_000;

    /// <summary>Bytes of one of them: what the kernel allows.</summary>
    public const ulong MaxEnvironmentBytes = 128 << 10;

    /// <summary>Characters of one string that are shown, however much of it is asked for: one that repeats another needs hardly any memory itself.</summary>
    public const int MaxShownCharacters = 1 << 24;

    /// <summary>Values of one answer that are taken apart: objects that share others make more of them than there are objects.</summary>
    public const int MaxShownValues = 1 << 20;

    /// <summary>Objects of one level whose referrers are looked for.</summary>
    public const int MaxReferrers = 10_000;

    /// <summary>Processes of one machine, threads or open files of one process that are looked at: as many processes as Linux can have.</summary>
    public const int MaxProcEntries = 1 << 22;

    /// <summary>Bytes of one file in /proc that are read; smaps of 65,530 mappings has 50 MB.</summary>
    public const int MaxProcFileBytes = 1 << 28;

    /// <summary>Readings of one figure that are kept while it is watched; where there are more, half of them go.</summary>
    public const int MaxWatchSamples = 1 << 16;

    /// <summary>Figures of one process that are watched.</summary>
    public const int MaxWatchedSeries = 1 << 12;

    /// <summary>Bytes of one page that is read: metrics, an inspector's list.</summary>
    public const int MaxPageBytes = 1 << 26;

    /// <summary>Bytes of one message of an inspector.</summary>
    public const int MaxInspectorMessageBytes = 1 << 26;

    /// <summary>Characters of one line of a log that are looked at.</summary>
    public const int MaxLogLine = 1 << 20;

    /// <summary>Bytes of all different names of a stack profile.</summary>
    public const int MaxNameTableBytes = 1 << 28;

    /// <summary>Bytes of one line of a text with stacks; a longer one is no line of such a text and is passed over.</summary>
    public const int MaxStackLineBytes = 1 << 20;

    /// <summary>Frames of one sample; those further out are left away. The kernel gives 127 unless told otherwise.</summary>
    public const int MaxStackDepth = 1 << 16;

    /// <summary>Different lines of frames that are remembered, to be known when they come again; then it starts anew.</summary>
    public const int MaxKnownLines = 1 << 16;

    /// <summary>Bytes of a profile that is JSON (.heapprofile, .cpuprofile): it is read as a whole.</summary>
    public const long MaxProfileBytes = 1L << 30;

    /// <summary>Levels that are drawn of a flame graph; what is deeper is counted with what leads to it.</summary>
    public const int MaxDrawnDepth = 4096;
}

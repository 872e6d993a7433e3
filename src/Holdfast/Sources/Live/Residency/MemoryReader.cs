namespace Holdfast.Sources.Live.Residency;

/// <summary>Reads a process's memory, running or dumped; gives how many bytes from the beginning were there.</summary>
internal delegate int MemoryReader(ulong address, Span<byte> into);

/// <summary>How many bytes between two addresses are resident.</summary>
internal delegate long ResidentBytes(ulong start, ulong end);

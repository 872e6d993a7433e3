namespace Holdfast.Sources.Live;

/// <summary>The machine's memory, in bytes.</summary>
/// <param name="Total">All there is.</param>
/// <param name="Available">What could be had without moving anything out.</param>
public sealed record MachineMemory(long Total, long Available)
{
    /// <summary>Null where the folder does not say.</summary>
    public static MachineMemory? Read(ProcFolder proc) => proc.Text("meminfo") is { } text ? Parse(text) : null;

    /// <summary>Reads the text of <c>meminfo</c>; null where it is none.</summary>
    public static MachineMemory? Parse(string text) =>
        ProcText.Bytes(text, "MemTotal") is { } total ? new MachineMemory(total, ProcText.Bytes(text, "MemAvailable") ?? ProcText.Bytes(text, "MemFree") ?? 0) : null;
}

namespace Holdfast.Model.Debugging;

/// <summary>What ended a process.</summary>
/// <param name="Signal">The signal's name; null where there was none.</param>
/// <param name="Number">Its number.</param>
/// <param name="Text">In words: what V8 or Node gave up for, or what the signal means.</param>
/// <param name="Address">The address that could not be accessed, for signals of that kind.</param>
/// <param name="IsCrash">Whether the process ended by it; gcore stops processes with signals, too.</param>
public sealed record CrashReason(string? Signal, int Number, string Text, ulong? Address, bool IsCrash);

namespace Holdfast.Cli;

/// <summary>What the process says to whoever started it.</summary>
internal static class ExitCode
{
    public const int Fine = 0;

    /// <summary>A check found what it was looking for.</summary>
    public const int Found = 1;

    /// <summary>Bad use or bad input.</summary>
    public const int BadInput = 2;

    /// <summary>Interrupted by a signal (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}

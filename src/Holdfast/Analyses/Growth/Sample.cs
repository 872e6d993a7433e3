namespace Holdfast.Analyses.Growth;

/// <summary>A value at a time, in seconds from the first.</summary>
public readonly record struct Sample(double Seconds, double Value);

using Holdfast.Analyses.Derived;

namespace Holdfast.Commands;

/// <summary>How a class is written for people.</summary>
internal static class ClassNames
{
    /// <summary>Its name; one without a name says so.</summary>
    public static string Show(ClassKey key) => key.Name.Length == 0 ? "(no name)" : key.Name;
}

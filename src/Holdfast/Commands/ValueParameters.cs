using System.Globalization;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Commands;

/// <summary>How much of a value is shown: the same options for all commands that show values.</summary>
internal static class ValueParameters
{
    public static IReadOnlyList<Parameter> Parts(int depth) =>
    [
        new("depth", ParameterKind.Number, "levels of objects inside objects") { Default = depth.ToString(CultureInfo.InvariantCulture) },
        Parameter.Limit(50) with { Help = "properties, elements and entries of each object; 0 gives all" },
        new("length", ParameterKind.Number, "characters of each string; 0 gives all") { Default = "200" },
    ];

    public static Value Inspect(CoreSession core, string address, Arguments arguments, bool withMap = false, bool withSource = false, bool fullStrings = false) => Inspector.Inspect(
        core, address, (int)Math.Min(arguments.Number("depth"), 100), arguments.Limit(), fullStrings ? int.MaxValue : arguments.Limit("length"), withMap, withSource);
}

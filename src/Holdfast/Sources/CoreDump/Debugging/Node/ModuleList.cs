using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;

namespace Holdfast.Sources.CoreDump.Debugging.Node;

/// <summary>Modules of the program: CommonJS ones in <c>require.cache</c>, and those that were imported.</summary>
internal static class ModuleList
{
    public static IReadOnlyList<LoadedModule> Run(CoreSession core, Work work)
    {
        var fields = new ObjectFields(core);
        var found = new List<LoadedModule>();
        foreach (ObjectView module in ObjectView.Instances(core, name => name == "Module", work))
        {
            string? file = module.Text("filename") ?? module.Text("id");
            if (file is null) continue;
            long children = module.View("children") is { } list ? fields.ArrayLength(list.Object) : 0;
            found.Add(new LoadedModule("commonjs", file, module.Object.Address, module.Boolean("loaded"), children));
        }

        foreach (ObjectView module in ObjectView.Instances(core, name => name == "ModuleWrap", work))
        {
            if (module.Text("url") is { } url) found.Add(new LoadedModule("esm", url, module.Object.Address, null, 0));
        }

        return [.. found.OrderBy(m => m.Kind, StringComparer.Ordinal).ThenBy(m => m.Name, StringComparer.Ordinal)];
    }
}

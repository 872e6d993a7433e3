using Holdfast.Model;

namespace Holdfast.Tests;

/// <summary>The rules of docs/architecture.md about folders, which are namespaces, on the assembly as built.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> FolderRules = new()
    {
        ["Common"] = [],
        ["Model"] = ["Common"],

        // What detects an input knows every source; the sources do not know each other.
        ["Sources"] = ["Model", "Common"],
        ["Sources.Snapshot"] = ["Model", "Common"],
        ["Sources.CoreDump"] = ["Model", "Common"],
        ["Sources.Perf"] = ["Model", "Common"],
        ["Sources.Live"] = ["Model", "Common", "Sources.Snapshot", "Sources.CoreDump"],
        ["Analyses"] = ["Model", "Common"],
        ["Reports"] = ["Common"],
        ["Commands"] = ["Reports", "Analyses", "Sources", "Model", "Common"],
        ["Views"] = ["Reports", "Common"],
    };

    private static readonly ArchitectureRules Library = new(typeof(HeapGraph).Assembly.Location, "Holdfast");

    [Fact]
    public void Folders_of_the_library_use_only_the_folders_they_may() =>
        AssertNone(Library.FindForbiddenUses(FolderRules));

    [Fact]
    public void Unsafe_is_used_in_Common_and_Sources_only() =>
        AssertNone(Library.FindUsesOf("System.Runtime.CompilerServices.Unsafe", "Common", "Sources"));

    [Fact]
    public void Pointers_are_used_in_Common_and_Sources_only() => AssertNone(Library.FindPointers("Common", "Sources"));

    [Fact]
    public void The_library_does_not_know_the_console() => AssertNone(Library.FindUsesOf("System.Console"));

    [Fact]
    public void The_model_and_the_analyses_do_no_input_and_output()
    {
        foreach (string type in new[] { "System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.Net", "System.Diagnostics.Process" })
            AssertNone(Library.FindUsesOf(type, "Sources", "Commands", "Common"));
    }

    [Fact]
    public void A_rule_that_is_broken_is_found()
    {
        var rules = new Dictionary<string, string[]>(FolderRules) { ["Model"] = [] };

        List<string> found = Library.FindForbiddenUses(rules);

        Assert.Contains("Holdfast.Model.HeapGraph uses Holdfast.Common.WideColumn", found);
        Assert.Contains("Holdfast.Model.GraphCheck uses Holdfast.Common.InputException", found);
        Assert.DoesNotContain(found, f => f.StartsWith("Holdfast.Analyses.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_without_a_rule_is_found()
    {
        var rules = new Dictionary<string, string[]>(FolderRules);
        rules.Remove("Analyses");

        Assert.Contains("Holdfast.Analyses.Heap uses Holdfast.Model.HeapGraph", Library.FindForbiddenUses(rules));
    }

    [Fact]
    public void Uses_of_a_type_are_found_in_bodies_fields_and_signatures()
    {
        Assert.Contains(Library.FindUsesOf("System.Runtime.CompilerServices.Unsafe"), use => use.StartsWith("Holdfast.Sources.Snapshot.", StringComparison.Ordinal));
        Assert.Contains("Holdfast.Sources.Snapshot.SnapshotReader uses System.IO.MemoryStream", Library.FindUsesOf("System.IO.MemoryStream"));
        Assert.Contains("Holdfast.Common.HugePages uses pointers", Library.FindPointers());
    }

    private static void AssertNone(List<string> found) =>
        Assert.True(found.Count == 0, $"{found.Count} forbidden uses:\n{string.Join('\n', found)}");
}

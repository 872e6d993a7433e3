using Holdfast.Tests.Commands;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Flame;

/// <summary>Folded text is that of stackcollapse-perf.pl, byte by byte, for its published test data where that is at hand.</summary>
public sealed class FlameConformanceTests
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(RepositoryFiles.Root, "..", "shared", "flame", "conformance"));

    public static IEnumerable<ITheoryDataRow> Cases()
    {
        if (!Directory.Exists(Folder))
            return [new TheoryDataRow<string, string>("", "").WithSkip($"there is no {Folder}: put perf texts there, and in expected/ what stackcollapse-perf.pl makes of them (NAME-collapsed-OPTION.txt)")];
        return Directory.EnumerateFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)
            .SelectMany(name => new[] { "pid", "tid", "kernel", "jit", "all", "addrs" }.Select(option => new TheoryDataRow<string, string>(name!, option)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Folds_as_the_script_does(string name, string option)
    {
        CommandRun run = CommandRun.OfFiles("flame", [Path.Combine(Folder, name + ".txt")], "--compat", "stackcollapse-perf", "--" + option);
        string expected = File.ReadAllText(Path.Combine(Folder, "expected", $"{name}-collapsed-{option}.txt"));
        Assert.Equal(expected.Split('\n'), FlameRun.Draw(run, "folded").Split('\n'));
    }

    [Theory]
    [InlineData("node20-page-faults")]
    [InlineData("node20-noflag-page-faults")]
    [InlineData("node22-page-faults")]
    [InlineData("node24-page-faults")]
    [InlineData("node24-noflag-page-faults")]
    [InlineData("node20-syscalls-brk-mmap")]
    public void Folds_recordings_of_Node_as_the_script_does(string name)
    {
        string folder = Path.GetDirectoryName(Folder)!;
        Assert.SkipUnless(File.Exists(Path.Combine(folder, name + ".folded")), $"there is no {folder}: recordings of Node and what stackcollapse-perf.pl makes of them");
        CommandRun run = CommandRun.OfFiles("flame", [Path.Combine(folder, name + ".perf.txt")], "--compat", "stackcollapse-perf", "--all");
        Assert.Equal(File.ReadAllText(Path.Combine(folder, name + ".folded")).Split('\n'), FlameRun.Draw(run, "folded").Split('\n'));
    }
}

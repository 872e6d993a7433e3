using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Holdfast.Commands;
using Holdfast.Common;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>Budgets: what is checked, the exit code, and the answers for CI.</summary>
public sealed class BudgetTests
{
    // 30 Sessions and 30 Orders of 100 bytes each are added twice to 30: 90 of each, 9000 bytes, at the end.
    [Theory]
    [InlineData("""{ "suspects": 2 }""", "suspects", 2, 2)]
    [InlineData("""{ "suspects": 9, "total_size": 50000 }""", "total_size", 50000, 48 + 2 * LiveHeap.TableBytes + 18000)]
    [InlineData("""{ "suspects": 9, "total_growth": "12 KB" }""", "total_growth", 12288, 12000)]
    [InlineData("""{ "suspects": 9, "constructors": { "Session": { "count": 90 } } }""", "Session.count", 90, 90)]
    [InlineData("""{ "suspects": 9, "constructors": { "Session": { "count_growth": 60 } } }""", "Session.count_growth", 60, 60)]
    [InlineData("""{ "suspects": 9, "constructors": { "Session": { "size": "9 kib" } } }""", "Session.size", 9216, 9000)]
    [InlineData("""{ "suspects": 9, "constructors": { "Session": { "size_growth": 6000 } } }""", "Session.size_growth", 6000, 6000)]
    [InlineData("""{ "suspects": 9, "constructors": { "*": { "count_growth": 120 } } }""", "*.count_growth", 120, 120)]
    [InlineData("""{ "suspects": 9, "constructors": { "S?ss*": { "count": 90 } } }""", "S?ss*.count", 90, 90)]
    [InlineData("""{ "suspects": 9, "constructors": { "Missing": { "count": 0 } } }""", "Missing.count", 0, 0)]
    public void Each_key_is_checked_against_what_there_was(string budget, string name, long limit, long actual)
    {
        CommandRun run = Run(budget);
        JsonNode check = run.Json["budget"]!.AsArray().Single(c => (string)c!["name"]! == name)!;
        Assert.Equal((limit, actual, true), ((long)check["limit"]!, (long)check["actual"]!, (bool)check["passed"]!));
        Assert.False(run.Result.Found);
    }

    [Theory]
    [InlineData("""{}""", "suspects")]
    [InlineData("""{ "suspects": 1 }""", "suspects")]
    [InlineData("""{ "suspects": 9, "total_size": 40527 }""", "total_size")]
    [InlineData("""{ "suspects": 9, "total_growth": "11.7 KB" }""", "total_growth")]
    [InlineData("""{ "suspects": 9, "constructors": { "Session": { "count": 89 } } }""", "Session.count")]
    [InlineData("""{ "suspects": 9, "constructors": { "*": { "size_growth": 11999 } } }""", "*.size_growth")]
    public void A_budget_that_is_exceeded_is_found(string budget, string name)
    {
        CommandRun run = Run(budget);
        Assert.True(run.Result.Found);
        Assert.Equal(name, (string)Assert.Single(run.Json["budget"]!.AsArray(), c => !(bool)c!["passed"]!)!["name"]!);
    }

    [Theory]
    [InlineData("\"5 B\"", 5)]
    [InlineData("\"1KB\"", 1 << 10)]
    [InlineData("\"1.5 MB\"", 3 << 19)]
    [InlineData("\" 2 mib \"", 2 << 20)]
    [InlineData("\"3 GB\"", 3L << 30)]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    public void Sizes_are_bytes_or_texts_with_a_unit(string size, long bytes) => Assert.Equal(bytes, Read($"{{ \"total_size\": {size} }}").TotalSize);

    [Fact]
    public void Comments_and_commas_too_many_are_allowed() =>
        Assert.Equal(1, Read("{ // why\n \"suspects\": 1, }").Suspects);

    [Theory]
    [InlineData("""{ "total": 5 }""", "total is no budget; known are suspects, total_size, total_growth, constructors")]
    [InlineData("""{ "constructors": { "A": { "cuont": 5 } } }""", "A.cuont is no budget; known are count, count_growth, size, size_growth")]
    [InlineData("""[1]""", "found [1], expected an object")]
    [InlineData("""{ "suspects": "3" }""", "suspects: found \"3\", expected a whole number from 0")]
    [InlineData("""{ "suspects": -1 }""", "suspects: found -1, expected a whole number from 0")]
    [InlineData("""{ "suspects": 1.5 }""", "suspects: found 1.5, expected a whole number from 0")]
    [InlineData("""{ "total_size": "5 TB" }""", "total_size: found \"5 TB\", expected bytes, or a text such as \"5 MB\"")]
    [InlineData("""{ "total_size": "MB" }""", "total_size: found \"MB\"")]
    [InlineData("""{ "total_size": "-5 MB" }""", "total_size: found \"-5 MB\"")]
    [InlineData("""{ "total_growth": true }""", "total_growth: found true")]
    [InlineData("""{ "total_growth": null }""", "total_growth: found null")]
    [InlineData("""{ "constructors": [] }""", "constructors: found [], expected an object by constructor")]
    [InlineData("""{ "constructors": { "A": 5 } }""", "A: found 5, expected an object such as")]
    [InlineData("{\n\"suspects\": }", "line 2: not JSON")]
    [InlineData("", "not JSON")]
    public void What_is_no_budget_is_said(string text, string message)
    {
        InputException e = Assert.Throws<InputException>(() => Read(text));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Contains("budget.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_that_is_not_there_or_is_too_large_is_said()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("none.json", Assert.Throws<InputException>(() => Budget.Read(folder.File("none.json"))).Message, StringComparison.Ordinal);
        string large = folder.Write("large.json", Encoding.UTF8.GetBytes("{}" + new string(' ', 2 << 20)));
        Assert.Contains("is it the right file?", Assert.Throws<InputException>(() => Budget.Read(large)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Budget.Read(folder.Path));
    }

    [Fact]
    public void The_exit_code_follows_the_budget()
    {
        using var folder = new TemporaryFolder();
        string[] leaky = LeakGraphs.Write(folder, LeakGraphs.Leaky("Session"));
        string wide = folder.Write("wide.json", "{ \"suspects\": 1 }"u8), tight = folder.Write("tight.json", "{ \"total_size\": \"1 KB\", \"suspects\": 1 }"u8);
        string wrong = folder.Write("wrong.json", "{ \"suspect\": 1 }"u8), junit = folder.File("junit.xml");
        Assert.Equal(0, HoldfastProcess.Run(["leaks", "--budget", wide, .. leaky]).ExitCode);
        ProcessAnswer exceeded = HoldfastProcess.Run(["leaks", "--budget", tight, "--junit", junit, "--github", .. leaky]);
        Assert.Equal(1, exceeded.ExitCode);
        Assert.Contains("EXCEEDED", exceeded.Output, StringComparison.Ordinal);
        Assert.StartsWith("::error title=Memory budget::total_size is ", exceeded.Error, StringComparison.Ordinal);
        Assert.Equal("1", (string)XDocument.Load(junit).Descendants("testsuite").Single().Attribute("failures")!);
        ProcessAnswer refused = HoldfastProcess.Run(["leaks", "--budget", wrong, .. leaky]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("suspect is no budget", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void JUnit_XML_is_well_formed_whatever_names_hold()
    {
        const string Name = "A<&>\"'\u0001\u001b\uFFFE]]>\ud83d\ude00é";
        CommandRun run = CommandRun.Of("leaks", LeakGraphs.Leaky(Name), "--junit", "out.xml");
        AttachedFile file = Assert.Single(run.Result.Files);
        Assert.Equal("out.xml", file.Path);
        XDocument xml = XDocument.Parse(file.Text);
        XElement suite = xml.Root!.Element("testsuite")!;
        Assert.Equal(("testsuites", "1", "1"), (xml.Root.Name.LocalName, (string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!));
        XElement test = Assert.Single(suite.Elements("testcase"));
        Assert.Equal(("holdfast.leaks", "suspects"), ((string)test.Attribute("classname")!, (string)test.Attribute("name")!));
        XElement failure = test.Element("failure")!;
        Assert.Equal("suspects is 1, the budget is 0", (string)failure.Attribute("message")!);
        Assert.Contains("A<&>\"'\uFFFD\uFFFD\uFFFD]]>\ud83d\ude00é", failure.Value, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0001', file.Text);
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void JUnit_XML_without_failures_says_so()
    {
        XElement suite = XDocument.Parse(Assert.Single(CommandRun.Of("leaks", LeakGraphs.Quiet(), "--junit", "out.xml").Result.Files).Text).Root!.Element("testsuite")!;
        Assert.Equal(("1", "0"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!));
        Assert.Empty(suite.Descendants("failure"));
    }

    [Fact]
    public void GitHub_annotations_are_one_line_each_and_escaped()
    {
        CommandRun run = CommandRun.Of("leaks", LeakGraphs.Leaky("A%,:\r\nB"), "--github");
        string line = Assert.Single(run.Result.Notes);
        Assert.StartsWith("::error title=Memory leak%3A A%25%2C%3A%0D%0AB::About 30 more A%25,:%0D%0AB stay behind", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain('\r', line);
        Assert.Empty(CommandRun.Of("leaks", LeakGraphs.Quiet(), "--github").Result.Notes);
    }

    [Fact]
    public void GitHub_annotations_stand_at_the_place_in_the_code()
    {
        string[] samples = [.. Enumerable.Range(0, 3).Select(i => Path.Combine(RepositoryFiles.Samples, $"leaky-t{i}.heapsnapshot.zst"))];
        CommandRun run = CommandRun.OfFiles("leaks", samples, "--github");
        Assert.Contains(run.Result.Notes, n => System.Text.RegularExpressions.Regex.IsMatch(n, @"^::error file=[^:,]*leaky-server\.js,line=[1-9]\d*,col=[1-9]\d*,title=Memory leak%3A [^:]+::\w"));
    }

    private static CommandRun Run(string budget)
    {
        using var folder = new TemporaryFolder();
        return CommandRun.Of("leaks", LeakGraphs.Leaky("Session", "Order"), "--budget", folder.Write("budget.json", Encoding.UTF8.GetBytes(budget)));
    }

    private static Budget Read(string text)
    {
        using var folder = new TemporaryFolder();
        return Budget.Read(folder.Write("budget.json", Encoding.UTF8.GetBytes(text)));
    }
}

using System.Text;
using Holdfast.Common;
using Holdfast.Tests.Commands;

namespace Holdfast.Tests.Flame;

/// <summary>Reading perf script's text and folded stacks: what is right, and what is broken.</summary>
public sealed class PerfTextTests
{
    private const string Header = "node 7  1.000001:         16 page-faults: ";

    [Fact]
    public void A_path_with_parentheses_and_spaces_stays_whole() =>
        Assert.Equal("node;JS:fn /my app (x)/a.js:1:2 16\n",
            FlameRun.Folded(FlameRun.Sample(Header, "JS:*fn /my app (x)/a.js:1:2+0x5 (/tmp/perf-7.map)")));

    [Fact]
    public void A_module_with_parentheses_is_told_from_the_symbol() =>
        Assert.Equal("node;main 16\n", FlameRun.Folded(FlameRun.Sample(Header, "main+0x1 (/opt/app (x)/node (deleted))")));

    [Fact]
    public void The_last_sample_counts_without_a_blank_line_after_it() =>
        Assert.Equal("node;b 32\n", FlameRun.Folded(FlameRun.Sample(Header, "b (x)") + FlameRun.Sample(Header, "b (x)").TrimEnd('\n') + "\n"));

    [Fact]
    public void Tracepoints_are_told_apart_and_the_first_event_counts()
    {
        string text = FlameRun.Sample("node 7 [001]  1.5: syscalls:sys_enter_brk: brk: 0x08ea9000", "brk+0x7 (/libc.so)")
            + FlameRun.Sample("node 7 [001]  1.6: syscalls:sys_enter_mmap: addr: 0x0, len: 0x1", "mmap+0x7 (/libc.so)");
        CommandRun run = FlameRun.Of(text);
        Assert.Equal("node;brk 1\n", FlameRun.Draw(run, "folded"));
        Assert.Contains(run.Warnings, w => w.Contains("syscalls:sys_enter_mmap (1 samples)", StringComparison.Ordinal));
        Assert.Equal("node;mmap 1\n", FlameRun.Folded(text, "--event", "*mmap"));
        Assert.Equal("node;brk 1\nnode;mmap 1\n", FlameRun.Folded(text, "--event", "syscalls:*"));
        Assert.Contains("sys_enter_brk", Assert.Throws<InputException>(() => FlameRun.Of(text, "--event", "cycles")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_with_an_address_has_its_weight() =>
        Assert.Equal("node;f 32\n", FlameRun.Folded(FlameRun.Sample("node 7/9  1.5:   32 page-faults:     7f063c0ee000 [unknown] (//anon)", "f (x)")));

    [Fact]
    public void A_function_is_one_however_it_ran_unless_asked_otherwise()
    {
        string text = FlameRun.Sample(Header, "JS:~f /a.js:1:2 (/tmp/perf-7.map)") + FlameRun.Sample(Header, "JS:*'f /a.js:1:2 (/tmp/perf-7.map)");
        string inLoop = FlameRun.Sample(Header, "JS:o+of /a.js:1:2 (/tmp/perf-7.map)") + FlameRun.Sample(Header, "JS:o*'of /a.js:1:2 (/tmp/perf-7.map)");
        Assert.Equal("node;JS:of /a.js:1:2 32\n", FlameRun.Folded(inLoop));
        Assert.Equal("node;JS:f /a.js:1:2 32\n", FlameRun.Folded(text));
        Assert.Equal("node;JS:*f /a.js:1:2 16\nnode;JS:~f /a.js:1:2 16\n", FlameRun.Folded(text, "--no-merge-tiers"));
    }

    [Fact]
    public void Frames_are_merged_by_package_and_file_and_Nodes_own_are_one()
    {
        string text = FlameRun.Sample(Header, "JS:~a /app/node_modules/x/node_modules/@s/y/i.js:1:2 (/tmp/perf-7.map)", "JS:~b /app/node_modules/@s/y/j.js:1:2 (/tmp/perf-7.map)",
            "JS:~c node:fs:1:2 (/tmp/perf-7.map)", "JS:~d node:events:1:2 (/tmp/perf-7.map)", "JS:~e /app/main.js:1:2 (/tmp/perf-7.map)");
        Assert.Equal("node;(app);(node);@s/y 16\n", FlameRun.Folded(text, "--group-by", "package"));
        Assert.StartsWith("node;JS:e /app/main.js:1:2;(node internals);JS:b", FlameRun.Folded(text, "--collapse-node"), StringComparison.Ordinal);
        Assert.StartsWith("node;/app/main.js;node:events;node:fs;", FlameRun.Folded(text, "--group-by", "file"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_collector_and_the_kernel_are_told_from_other_code()
    {
        CommandRun run = FlameRun.Of(FlameRun.Sample(Header, "v8::internal::Scavenger::Process+0x1 (/node)", "start_thread (/libc)")
            + FlameRun.Sample(Header, "clear_page ([kernel.kallsyms])", "malloc (/libc)"));
        Assert.Equal(["gc", "native"], run.Json["kinds"]!.AsArray().Select(k => (string)k!["kind"]!));
    }

    [Fact]
    public void Reverse_has_innermost_frames_as_roots() =>
        Assert.Equal("a;b;node 16\n", FlameRun.Folded(FlameRun.Sample(Header, "a (x)", "b (x)"), "--reverse"));

    [Fact]
    public void Folded_text_is_read_and_written_the_same()
    {
        const string Text = "node;JS:f /a b/c.js:1:2;malloc 12\nnode;[unknown] 3\nnode;x y 1\n";
        Assert.Equal(Text, FlameRun.Folded(Text));
    }

    [Fact]
    public void Lines_that_are_none_are_counted_with_their_numbers()
    {
        CommandRun run = FlameRun.Of("what is this\n" + FlameRun.Sample(Header, "a (x)") + "\u0001\u0002 oops\n");
        Assert.Contains(run.Warnings, w => w.Contains("2 lines are not", StringComparison.Ordinal) && w.Contains("lines 1 ('what is this'), 5", StringComparison.Ordinal));
        Assert.Equal("node;a 16\n", FlameRun.Draw(run, "folded"));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("# comments only\n", "comments only")]
    [InlineData("hello\nworld\n", "has no stacks")]
    [InlineData("a\0b", "this is no text")]
    [InlineData("{\"x\":1}", "is JSON, but no profile")]
    [InlineData("{\"head\":{", "no whole JSON")]
    [InlineData("{\"head\":{\"children\":[{\"a\":1}]}}", "not built as a profile")]
    [InlineData("{\"nodes\":[],\"startTime\":1}", "without nodes")]
    public void What_is_no_profile_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<InputException>(() => FlameRun.Of(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_sample_of_10_000_frames_is_read_and_drawn()
    {
        CommandRun run = FlameRun.Of(FlameRun.Sample(Header, [.. Enumerable.Range(0, 10_000).Select(i => $"f{i} (x)")]));
        Assert.Equal(10_000, FlameRun.Draw(run, "folded").Count(c => c == ';'));
        foreach (string format in new[] { "svg", "html", "speedscope" }) Assert.Contains("f9999", FlameRun.Draw(run, format), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_without_end_is_cut_at_MaxStackDepth()
    {
        Assert.True(Limits.MaxStackDepth < 70_000);
        CommandRun run = FlameRun.Of(Header + "\n" + string.Concat(Enumerable.Range(0, 70_000).Select(i => $"\t 7f f{i} (x)\n")));
        Assert.Contains(run.Warnings, w => w.Contains(nameof(Limits.MaxStackDepth), StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_that_overflow_stop_at_the_largest_number_and_are_told()
    {
        CommandRun run = FlameRun.Of("a;b 9223372036854775807\na;b 9223372036854775807\na;c 99999999999999999999999\n");
        Assert.Contains(run.Warnings, w => w.Contains("9223372036854775807", StringComparison.Ordinal));
        Assert.Equal(long.MaxValue, (long)run.Json["total"]!);
    }

    [Fact]
    public void A_line_longer_than_MaxStackLineBytes_is_passed_over()
    {
        CommandRun run = FlameRun.Of(FlameRun.Sample(Header, "a (x)") + new string('z', Limits.MaxStackLineBytes * 2) + "\n" + FlameRun.Sample(Header, "a (x)"));
        Assert.Equal("node;a 32\n", FlameRun.Draw(run, "folded"));
        Assert.Contains(run.Warnings, w => w.Contains("1 line is not", StringComparison.Ordinal));
    }

    [Fact]
    public void More_than_MaxKnownLines_different_lines_are_all_read()
    {
        var text = new StringBuilder();
        for (int i = 0; i <= Limits.MaxKnownLines + 10; i++) text.Append(FlameRun.Sample(Header, $"f+0x{i:x} (x)", "g (y)"));
        Assert.Equal($"node;g;f {16L * (Limits.MaxKnownLines + 11)}\n", FlameRun.Folded(text.ToString()));
    }

    [Fact]
    public void More_than_MaxNameTableBytes_of_names_are_refused() =>
        Assert.Contains(nameof(Limits.MaxNameTableBytes), Assert.Throws<InputException>(() => new ByteTable().Add(new byte[Limits.MaxNameTableBytes + 1])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_profile_of_more_than_MaxProfileBytes_is_refused()
    {
        using var folder = new Fixtures.TemporaryFolder();
        string path = folder.Write("large", "{\"x\":1"u8);
        using (FileStream file = File.OpenWrite(path)) file.SetLength(Limits.MaxProfileBytes + 10);
        Assert.Contains(nameof(Limits.MaxProfileBytes), Assert.Throws<InputException>(() => CommandRun.OfFiles("flame", [path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_deeper_than_MaxDrawnDepth_is_not_drawn()
    {
        CommandRun run = FlameRun.Of(FlameRun.Sample(Header, [.. Enumerable.Range(0, Limits.MaxDrawnDepth + 50).Select(i => $"f{i} (x)")]));
        string svg = FlameRun.Draw(run, "svg");
        Assert.DoesNotContain(">f0 (", svg, StringComparison.Ordinal);
        Assert.Contains($"f{Limits.MaxDrawnDepth} (", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Profiles_of_V8_are_read()
    {
        const string Call = "\"callFrame\":{\"functionName\":\"leak\",\"scriptId\":\"1\",\"url\":\"file:///a.js\",\"lineNumber\":5,\"columnNumber\":1}";
        string heap = "{\"head\":{\"callFrame\":{\"functionName\":\"(root)\",\"url\":\"\"},\"selfSize\":0,\"id\":1,\"children\":[{" + Call + ",\"selfSize\":70,\"id\":2,\"children\":[]}]},\"samples\":[{\"size\":70,\"nodeId\":2}]}";
        Assert.Equal("JS:leak /a.js:6:2 70\n", FlameRun.Folded(heap));
        string cpu = "{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\",\"url\":\"\"},\"children\":[2]},{\"id\":2," + Call + "}],\"startTime\":0,\"endTime\":9,\"samples\":[2,2],\"timeDeltas\":[3,4]}";
        Assert.Equal("JS:leak /a.js:6:2 8\n", FlameRun.Folded(cpu));
        Assert.Contains("node 2 is referred to", Assert.Throws<InputException>(() => FlameRun.Folded(cpu.Replace("\"id\":2", "\"id\":3", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_of_heaps_refuse_a_heapprofile_and_point_to_flame()
    {
        using var folder = new Fixtures.TemporaryFolder();
        string path = folder.Write("p.heapprofile", "{\"head\":{\"selfSize\":0,\"id\":1,\"children\":[]}}"u8);
        Assert.Contains("holdfast flame reads it", Assert.Throws<InputException>(() => CommandRun.OfFiles("summary", [path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_heap_is_as_wide_as_what_it_retains()
    {
        string sample = Path.Combine(Fixtures.RepositoryFiles.Samples, "node26.heapsnapshot.zst");
        CommandRun run = CommandRun.OfFiles("flame", [sample]), summary = CommandRun.OfFiles("summary", [sample]);
        Assert.Equal((long)summary.Json["total_size"]!, (long)run.Json["total"]!);
    }

    [Fact]
    public void A_timeline_is_as_wide_as_what_its_stacks_allocated()
    {
        string sample = Path.Combine(Fixtures.RepositoryFiles.Samples, "node24.heaptimeline.zst");
        CommandRun run = CommandRun.OfFiles("flame", [sample]);
        Assert.Equal("heaptimeline", (string)run.Json["source"]!);
        Assert.NotEmpty(run.Json["code"]!.AsArray());
        Assert.Equal("heap", (string)CommandRun.OfFiles("flame", [sample], "--of", "retained").Json["source"]!);
    }
}

using System.Text;
using Holdfast.Common;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump;

/// <summary>The binary of a process: found, moved to where it was, or refused.</summary>
public sealed class ProgramTests : IDisposable
{
    private const ulong Bias = 0x5555_0000_0000;
    private const ulong Entry = 0x2010;
    private const ulong Data = 0x3000;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_that_was_mapped_where_the_process_began_is_read_and_moved_there()
    {
        string program = Program().Write(_folder, "node");
        using CoreImage image = Open(Core(program), null);

        Assert.Empty(_warnings);
        Assert.Equal(program, image.ProgramPath);
        AssertRead(image);
    }

    [Fact]
    public void A_program_that_is_given_comes_before_the_one_that_was_mapped()
    {
        string given = Program().Write(_folder, "given");
        using CoreImage image = Open(Core(_folder.Write("mapped", "nothing of interest"u8)), given);
        Assert.Equal(given, image.ProgramPath);
        AssertRead(image);
    }

    [Fact]
    public void A_program_that_cannot_be_moved_is_where_it_says()
    {
        string program = Program(type: 2).Write(_folder, "node");
        CoreBuilder core = new CoreBuilder().Auxiliary(CoreBuilder.EntryPoint, Entry).MappedFile(0x2000, 0x4000, program).Segment(0x9000, new byte[16]);
        using CoreImage image = Open(core, null);
        Assert.Equal(Data, image.Symbols["v8dbg_class_JSFunction__shared__SharedFunctionInfo"]);
        Assert.Equal(7, image.Constants["JSFunction.shared"]);
    }

    [Fact]
    public void What_the_core_has_of_the_programs_memory_comes_before_what_the_program_has()
    {
        string program = Program().Write(_folder, "node");
        byte[] changed = new byte[4];
        changed[0] = 99;
        using CoreImage image = Open(Core(program).Segment(Data + Bias, changed), null);
        Assert.Equal(99, image.Constants["JSFunction.shared"]);
        Assert.Equal(13, image.Version.Major);
    }

    [Fact]
    public void Another_program_that_is_given_is_refused()
    {
        byte[] right = Program().Build();
        CoreBuilder core = Core("/nowhere/node").Auxiliary(CoreBuilder.ProgramHeaders, 0x7000).Segment(0x7000, right[64..(64 + (3 * 56))]);
        using (CoreImage image = Open(core, _folder.Write("right", right))) AssertRead(image);

        string wrong = Program(Entry + 16, another: true).Write(_folder, "wrong");
        InputException e = Assert.Throws<InputException>(() => Open(core, wrong));
        Assert.Contains(wrong, e.Message, StringComparison.Ordinal);
        Assert.Contains("is not the binary that", e.Message, StringComparison.Ordinal);
        Assert.Contains(OpenCore.Name, e.Message, StringComparison.Ordinal);
        Assert.Contains("Give the node binary", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_program_where_the_right_one_was_is_not_used_and_a_warning_says_so()
    {
        string wrong = Program(another: true).Write(_folder, "updated");
        CoreBuilder core = Core(wrong).Auxiliary(CoreBuilder.ProgramHeaders, 0x7000).Segment(0x7000, Program().Build()[64..(64 + (3 * 56))]);
        using CoreImage image = Open(core, null);
        Assert.Null(image.ProgramPath);
        Assert.Empty(image.Symbols);
        string warning = Assert.Single(_warnings);
        Assert.Contains("updated", warning, StringComparison.Ordinal);
        Assert.Contains("--exe", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a core")]
    [InlineData("arm64")]
    [InlineData("text")]
    [InlineData("empty")]
    [InlineData("missing")]
    [InlineData("folder")]
    public void What_is_no_program_of_this_machine_is_refused_where_it_is_given_and_passed_over_where_it_is_not(string kind)
    {
        string path = kind switch
        {
            "a core" => Program(type: 4).Write(_folder, "node"),
            "arm64" => Program(machine: 183).Write(_folder, "node"),
            "text" => _folder.Write("node", Encoding.UTF8.GetBytes("#!/bin/sh\nexec /opt/node/bin/node \"$@\"\n" + new string('#', 100))),
            "empty" => _folder.Write("node", []),
            "folder" => _folder.Path,
            _ => _folder.File("node"),
        };

        InputException e = Assert.Throws<InputException>(() => Open(Core("/nowhere"), path));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        using CoreImage image = Open(Core(path), null);
        Assert.Null(image.ProgramPath);
        Assert.All(_warnings, w => Assert.Contains("--exe", w, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pipe_where_the_program_was_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A named pipe in the file system is needed: run this on Linux or macOS.");
        string pipe = _folder.File("node");
        await System.Diagnostics.Process.Start("mkfifo", pipe).WaitForExitAsync(TestContext.Current.CancellationToken);
        Task<CoreImage> open = Task.Run(() => Open(Core(pipe), null), TestContext.Current.CancellationToken);
        using CoreImage image = await open.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Null(image.ProgramPath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("/")]
    [InlineData("/dev/zero")]
    public void Any_path_may_be_where_the_program_was(string path)
    {
        using CoreImage image = Open(Core(path), null);
        Assert.Null(image.ProgramPath);
    }

    [Fact]
    public void A_core_that_does_not_say_where_it_began_has_no_program()
    {
        using CoreImage image = Open(new CoreBuilder().Segment(0x1000, new byte[16]).MappedFile(Bias, Bias + 0x9000, Program().Write(_folder, "node")), null);
        Assert.Null(image.ProgramPath);
        Assert.Empty(image.Constants);
        Assert.False(image.Version.IsKnown);
    }

    [Fact]
    public void Symbols_with_odd_names_are_read_as_they_are()
    {
        var program = Program();
        string[] names = ["v8dbg_", "v8dbg_class_", "v8dbg_class__", "v8dbg_class___x", "v8dbg_class___x__", "v8dbg_type_", "v8dbg_type_X", "v8dbg_type___", "v8dbg_type_A__B_TYPE", "v8dbg_" + new string('x', 5000)];
        foreach (string name in names) program.Symbol(name, Data);
        using CoreImage image = Open(Core(program.Write(_folder, "node")), null);
        AssertRead(image);
        Assert.Equal("B", image.Types[7]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(int.MinValue)]
    [InlineData(21_474_836)]
    public void A_version_that_cannot_be_is_not_known(int major)
    {
        string program = Program(major: major).Write(_folder, "node");
        using CoreImage image = Open(Core(program), null);
        Assert.Equal(default, image.Version);
    }

    [Fact]
    public void A_packed_core_needs_no_program()
    {
        const string Note = "v8 12.4.254.21\ntype 299 JS_PROXY\ntype x Y\nconst JSFunction.shared 24\nconst bad 99999999999\nsymbol abc 7f00\nsymbol bad zz\ntls 48\n\nsomething else\n";
        using CoreImage image = Open(Core("/nowhere").Packed(Note), null);
        Assert.Equal(new V8Version(12, 4, 254, 21), image.Version);
        Assert.Equal("JS_PROXY", image.Types[299]);
        Assert.Equal(24, image.Constants["JSFunction.shared"]);
        Assert.Equal(0x7F00UL, image.Symbols["abc"]);
        Assert.Equal(48UL, image.ThreadLocalBytes);
        Assert.Equal((1, 1, 1), (image.Types.Count, image.Constants.Count, image.Symbols.Count));
    }

    private static void AssertRead(CoreImage image)
    {
        Assert.Equal(Data + Bias, image.Symbols["v8dbg_class_JSFunction__shared__SharedFunctionInfo"]);
        Assert.DoesNotContain("malloc", image.Symbols.Keys);
        Assert.Equal(7, image.Constants["JSFunction.shared"]);
        Assert.Equal(new V8Version(13, 6, 5, 4), image.Version);
        Assert.Equal(0x48UL, image.ThreadLocalBytes);
    }

    /// <summary>A node of a few bytes, with a constant of V8's and its version.</summary>
    private static CoreBuilder Program(ulong entry = Entry, ushort type = 3, ushort machine = 62, int major = 13, bool another = false)
    {
        var program = new CoreBuilder { Type = type, Machine = machine, Entry = entry };
        byte[] data = new byte[64];
        int[] values = [7, major, 6, 5, 4];
        for (int i = 0; i < values.Length; i++) BitConverter.TryWriteBytes(data.AsSpan(4 * i), values[i]);
        program.Segment(0x2000, new byte[64], flags: 5).Segment(Data, data, memorySize: another ? 0x5000UL : 0x1000UL).Segment(0x4000, [], type: 7, memorySize: 0x48);
        program.Symbol("malloc", 0x2000).Symbol("v8dbg_class_JSFunction__shared__SharedFunctionInfo", Data);
        program.Symbol("_ZN2v88internal7Version6major_E", Data + 4).Symbol("_ZN2v88internal7Version6minor_E", Data + 8);
        return program.Symbol("_ZN2v88internal7Version6build_E", Data + 12).Symbol("_ZN2v88internal7Version6patch_E", Data + 16);
    }

    private static CoreBuilder Core(string program) => new CoreBuilder().Thread(1)
        .Auxiliary(CoreBuilder.EntryPoint, Entry + Bias)
        .MappedFile(0x1000, 0x2000, "/lib/other.so")
        .MappedFile(Bias + 0x1000, Bias + 0x8000, program)
        .Segment(0x9000, new byte[16]);

    private CoreImage Open(CoreBuilder core, string? program)
    {
        string path = core.Write(_folder, OpenCore.Name);
        return CoreImage.Open(File.OpenRead(path), path, program, new Work(warn: _warnings.Add));
    }
}

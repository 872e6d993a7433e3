using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump.Elf;

public sealed class CoreNotesTests
{
    private static CoreBuilder Full => new CoreBuilder()
        .Thread(77, stackPointer: 0x7FF0, threadPointer: 0x1230, framePointer: 0x7FF8, instructionPointer: 0x4444)
        .Thread(78, stackPointer: 0x8FF0)
        .Signal(6)
        .Auxiliary(CoreBuilder.EntryPoint, 0xABC)
        .Auxiliary(CoreBuilder.Random, 0xDEF)
        .MappedFile(0x1000, 0x3000, "/usr/bin/node")
        .MappedFile(0x3000, 0x4000, "/lib/lib ö.so", page: 2)
        .AddNote("LINUX", 0x202, new byte[40])
        .AddNote("CORE", 3, new byte[136])
        .Packed("v8 13.6.1.2\n");

    [Fact]
    public void Threads_files_the_auxiliary_vector_the_signal_and_what_packing_noted_are_read()
    {
        using var core = new MappedCore(Full.Build());
        CoreNotes notes = core.Notes;

        Assert.Equal([77, 78], notes.Threads.Select(t => t.Id));
        CoreThread thread = notes.Threads[0];
        Assert.Equal((0x7FF0UL, 0x7FF8UL, 0x4444UL, 0x1230UL), (thread.StackPointer, thread.FramePointer, thread.InstructionPointer, thread.ThreadPointer));
        Assert.Contains(0x7FF0UL, thread.All);
        Assert.Equal(6, notes.Signal);
        Assert.Equal(0xABCUL, notes.AuxiliaryVector[CoreBuilder.EntryPoint]);
        Assert.Equal(0xDEFUL, notes.AuxiliaryVector[CoreBuilder.Random]);
        Assert.Equal([new CoreFile(0x1000, 0x3000, 0, "/usr/bin/node"), new CoreFile(0x3000, 0x4000, 8192, "/lib/lib ö.so")], notes.MappedFiles);
        Assert.Equal("v8 13.6.1.2\n", notes.Packed);
    }

    [Fact]
    public void Registers_of_arm64_are_elsewhere()
    {
        using var core = new MappedCore(new CoreBuilder { Machine = 183 }.Thread(5, stackPointer: 0x111, framePointer: 0x222, instructionPointer: 0x333).Build());
        CoreThread thread = Assert.Single(core.Notes.Threads);
        Assert.Equal((5, 0x111UL, 0x222UL, 0x333UL), (thread.Id, thread.StackPointer, thread.FramePointer, thread.InstructionPointer));
    }

    [Fact]
    public void Notes_cut_at_any_byte_give_those_that_are_whole()
    {
        byte[] whole = Full.Build();
        int most = 0;
        for (int length = CoreBuilder.HeaderBytes; length <= whole.Length; length++)
        {
            using var core = new MappedCore(whole[..length]);
            CoreNotes notes = core.Notes;
            Assert.True(notes.Threads.Count >= most && notes.Threads.Count <= 2);
            most = notes.Threads.Count;
        }

        Assert.Equal(2, most);
    }

    [Fact]
    public void Lengths_that_cannot_be_end_the_notes()
    {
        byte[] whole = Full.Build();
        int first = CoreBuilder.HeaderBytes + CoreBuilder.SegmentBytes;
        foreach (int at in new[] { first, first + 4 })
        {
            foreach (uint length in new[] { uint.MaxValue, uint.MaxValue - 3, 0x7FFFFFFFu, 0x80000000u, (uint)whole.Length })
            {
                byte[] damaged = [.. whole];
                BitConverter.TryWriteBytes(damaged.AsSpan(at), length);
                using var core = new MappedCore(damaged);
                Assert.Empty(core.Notes.Threads);
            }
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 32)]
    [InlineData(3UL)]
    public void More_files_than_the_note_has_room_for_are_none(ulong count)
    {
        byte[] body = new byte[16 + 24 + 10];
        BitConverter.TryWriteBytes(body, count);
        using var core = new MappedCore(new CoreBuilder().AddNote("CORE", 0x46494C45, body).Build());
        Assert.Empty(core.Notes.MappedFiles);
    }

    [Fact]
    public void A_file_whose_name_is_cut_has_what_there_is_of_it()
    {
        byte[] body = [.. new byte[16 + 24], .. "/bin/no"u8];
        BitConverter.TryWriteBytes(body, 1UL);
        using var core = new MappedCore(new CoreBuilder().AddNote("CORE", 0x46494C45, body).Build());
        Assert.Equal("/bin/no", Assert.Single(core.Notes.MappedFiles).Path);
    }

    [Fact]
    public void Notes_that_are_too_short_for_what_they_are_are_passed_over()
    {
        var builder = new CoreBuilder();
        for (uint type = 0; type < 8; type++) builder.AddNote("CORE", type, [1, 2, 3]).AddNote("CORE", type, []);
        builder.AddNote("CORE", 0x53494749, [1, 2]).AddNote("CORE", 0x46494C45, [1, 2]).AddNote("", 1, new byte[500]).Thread(9);
        using var core = new MappedCore(builder.Build());
        Assert.Equal(9, Assert.Single(core.Notes.Threads).Id);
        Assert.Equal(0, core.Notes.Signal);
        Assert.Empty(core.Notes.AuxiliaryVector);
    }
}

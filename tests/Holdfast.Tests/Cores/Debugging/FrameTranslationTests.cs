using Holdfast.Common;
using Holdfast.Sources.CoreDump.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Tests.Cores.Debugging;

/// <summary>Descriptions of optimized frames that no V8 wrote.</summary>
public sealed class FrameTranslationTests
{
    private static readonly TranslationOpcode[] Opcodes = [new("BEGIN", 0), new("OPTIMIZED_OUT", 0)];

    [Fact]
    public void Steps_are_read_up_to_the_limit()
    {
        byte[] bytes = new byte[Limits.MaxTranslationSteps + 100];
        Array.Fill(bytes, (byte)1, 1, bytes.Length - 1);

        Assert.Equal(Limits.MaxTranslationSteps, FrameTranslation.Read(bytes, 0, Opcodes).Count);
    }

    [Fact]
    public void What_does_not_begin_as_a_description_is_none() => Assert.Empty(FrameTranslation.Read([1, 1], 0, Opcodes));

    [Fact]
    public void A_C_name_stays_and_a_nested_name_is_shown() =>
        Assert.Equal(("node::Start", "uv_run"), (CxxNames.Show("_ZN4node5StartEiPPc"), CxxNames.Show("uv_run")));
}

using Holdfast.Cli.Shell;

namespace Holdfast.Tests.Cli;

/// <summary>The words of llnode and mdb_v8.</summary>
public sealed class ForeignWordsTests
{
    [Theory]
    [InlineData("v8 findjsobjects", "objects")]
    [InlineData("findjsobjects -d", "objects --shapes")]
    [InlineData("v8 findjsobjects --detailed", "objects --shapes")]
    [InlineData("v8 findjsinstances -v -n 5 -o 10 Session", "instances --verbose --limit 5 --offset 10 Session")]
    [InlineData("v8 i -F 0x1234", "inspect --full-string 0x1234")]
    [InlineData("v8 inspect --full-string -m -s -l 8 0x1234", "inspect --full-string --print-map --print-source --length 8 0x1234")]
    [InlineData("i -m 0x1234", "inspect --print-map 0x1234")]
    [InlineData("inspect -l 3 0x1234", "inspect --length 3 0x1234")]
    [InlineData("v8 print 0x1234", "print 0x1234")]
    [InlineData("p 0x1234", "print 0x1234")]
    [InlineData("v8 bt", "bt")]
    [InlineData("v8 bt 5", "bt --limit 5")]
    [InlineData("bt 5", "bt --limit 5")]
    [InlineData("jsstack 3", "bt --limit 3")]
    [InlineData("jsprint -F 0x1234", "inspect --full-string 0x1234")]
    [InlineData("v8 source list", "source")]
    [InlineData("source list -n 10", "source --lines 10")]
    [InlineData("v8 source l 0x1234", "source 0x1234")]
    [InlineData("v8 findrefs -v 0x1234", "refs 0x1234")]
    [InlineData("v8 findrefs -n name", "refs --name name")]
    [InlineData("findrefs -s text", "refs --string text")]
    [InlineData("v8 findrefs -r 0x1234", "refs --deep 0x1234")]
    [InlineData("v8 nodeinfo", "env")]
    [InlineData("v8 getactivehandles", "handles")]
    [InlineData("getactiverequests", "requests")]
    [InlineData("v8 help", "help")]
    [InlineData("v8", "help")]
    [InlineData("::findjsobjects", "objects --shapes")]
    [InlineData("::findjsobjects -l", "objects --shapes")]
    [InlineData("::findjsobjects -c Session", "objects --shapes --constructor Session")]
    [InlineData("::findjsobjects -p name", "objects --shapes --property name")]
    [InlineData("1a2b::findjsobjects -r", "refs 0x1a2b")]
    [InlineData("0x1a2b::jsprint -d 2", "inspect --depth 2 0x1a2b")]
    [InlineData("@77::jsprint", "inspect @77")]
    [InlineData("::jsstack -v", "bt")]
    [InlineData("0x1a2b::jsconstructor", "inspect 0x1a2b")]
    [InlineData("0x1a2b::jsclosure", "closure 0x1a2b")]
    [InlineData("0x1a2b::jssource -n 3", "source --lines 3 0x1a2b")]
    [InlineData("::jsfunctions -n get", "functions --name get")]
    [InlineData("::status", "threads")]
    [InlineData("0x1a2b::whatis", "inspect 0x1a2b")]
    public void Are_ours(string theirs, string ours)
    {
        ForeignAnswer? answer = ForeignWords.Translate(theirs.Split(' '));
        Assert.Null(answer?.Problem);
        Assert.Equal(ours, string.Join(' ', answer!.Words!));
    }

    [Theory]
    [InlineData("summary --limit 5")]
    [InlineData("inspect 0x1234")]
    [InlineData("inspect @12 --limit 3 -o file")]
    [InlineData("bt --limit 5")]
    [InlineData("print 0x1234")]
    [InlineData("find string::x")]
    [InlineData("source 0x1234")]
    public void Our_own_words_stay(string ours) => Assert.Null(ForeignWords.Translate(ours.Split(' ')));

    [Theory]
    [InlineData("v8 walk", "v8 walk")]
    [InlineData("::walk", "::walk")]
    [InlineData("v8 findjsobjects -x", "-x")]
    [InlineData("v8 findjsinstances -n", "a value is missing")]
    [InlineData("v8 settings set color always", "--no-color")]
    [InlineData("1a2b::findjsobjects", "instances CLASS")]
    public void What_has_no_counterpart_is_said(string theirs, string said)
    {
        ForeignAnswer? answer = ForeignWords.Translate(theirs.Split(' '));
        Assert.Null(answer!.Words);
        Assert.Contains(said, answer.Problem, StringComparison.Ordinal);
    }
}

using Holdfast.Cli.Shell;
using Holdfast.Common;

namespace Holdfast.Tests.Cli;

/// <summary>How lines of the shell are read.</summary>
public sealed class ShellLineTests
{
    [Theory]
    [InlineData("summary", "summary")]
    [InlineData("a; b ;; c;", "a", "b", "c")]
    [InlineData("a # b; c", "a")]
    [InlineData("# only this")]
    [InlineData("a 'x;#y' \"z;\" b#c", "a 'x;#y' \"z;\" b#c")]
    [InlineData("a \\; b;c", "a \\; b", "c")]
    [InlineData("a | grep 'x;y'; b", "a | grep 'x;y'", "b")]
    [InlineData("  ")]
    public void Commands_are_parted_by_semicolons_outside_of_quotes(string line, params string[] commands) => Assert.Equal(commands, ShellLine.Split(line));

    [Theory]
    [InlineData("paths  Session", "paths", "Session")]
    [InlineData("paths '{id, name}' \"(compiled code)\" a\\ b", "paths", "{id, name}", "(compiled code)", "a b")]
    [InlineData("a '' \"\"", "a", "", "")]
    [InlineData("a 'it'\\''s' \"say \\\"x\\\"\"", "a", "it's", "say \"x\"")]
    [InlineData("inspect $1 id:$2 $_ '$1' \"$2\" \\$1 $in", "inspect", "<1>", "id:<2>", "<_>", "$1", "<2>", "$1", "<in>")]
    [InlineData("find $scope $ $1x $_a $$", "find", "$scope", "$", "$1x", "$_a", "$$")]
    public void Words_are_read_as_by_a_shell_with_results_put_in(string command, params string[] words)
    {
        ShellLine line = ShellLine.Parse(command, name => $"<{name}>");
        Assert.Equal(words, line.Words);
        Assert.Null(line.Pipe);
    }

    [Theory]
    [InlineData("a b | grep -i 'x | y' | wc -l", "grep -i 'x | y' | wc -l")]
    [InlineData("a b|awk '{ print $1 }'", "awk '{ print $1 }'")]
    [InlineData("a b | head 5", "head -n 5")]
    [InlineData("a b | tail 12", "tail -n 12")]
    [InlineData("a b | head -n 5", "head -n 5")]
    public void What_follows_a_bar_is_the_systems(string command, string pipe)
    {
        ShellLine line = ShellLine.Parse(command, _ => throw new InvalidOperationException());
        Assert.Equal(["a", "b"], line.Words);
        Assert.Equal(pipe, line.Pipe);
    }

    [Theory]
    [InlineData("a 'b", "not closed")]
    [InlineData("a |", "nothing follows")]
    [InlineData("::findjsobjects | ::jsprint", "cannot be piped")]
    public void What_cannot_be_read_is_said(string command, string said) =>
        Assert.Contains(said, Assert.Throws<InputException>(() => ShellLine.Parse(command, name => name)).Message, StringComparison.Ordinal);
}

using Holdfast.Cli.Shell;

namespace Holdfast.Tests.Cli;

/// <summary>What keys make of a line.</summary>
public sealed class LineEditorTests : IDisposable
{
    private readonly History _history = new(null, _ => { });
    private readonly StringWriter _screen = new();

    public LineEditorTests()
    {
        foreach (string line in new[] { "summary --limit 3", "find class:Map", "find class:Set" }) _history.Add(line);
    }

    public void Dispose() => _screen.Dispose();

    [Theory]
    [InlineData("abc\r", "abc")]
    [InlineData("abc<Left><Left>x\r", "axbc")]
    [InlineData("日本😀<Left>x<Backspace>y\r", "日本y😀")]
    [InlineData("é\u0301x<Left><Backspace>\r", "x")]
    [InlineData("one two<^A>x<^E>y\r", "xone twoy")]
    [InlineData("one two three<^W><^W>four\r", "one four")]
    [InlineData("one two<Home><^K>x<^Y>\r", "xone two")]
    [InlineData("one two<^U>x\r", "x")]
    [InlineData("one two<Alt-B>x\r", "one xtwo")]
    [InlineData("one two<Home><Alt-F>x\r", "onex two")]
    [InlineData("one two<Home><Alt-D>\r", " two")]
    [InlineData("abc<Home><^D>\r", "bc")]
    [InlineData("abc<Home><Delete>\r", "bc")]
    [InlineData("<^P>\r", "find class:Set")]
    [InlineData("new<Up><Up>\r", "find class:Map")]
    [InlineData("new<Up><Down>\r", "new")]
    [InlineData("<Up><Up><Up><Up><Up>\r", "summary --limit 3")]
    [InlineData("<^R>class\r", "find class:Set")]
    [InlineData("<^R>class<^R>\r", "find class:Map")]
    [InlineData("<^R>sum<End>x\r", "summary --limit 3x")]
    [InlineData("abc<^R>class<^G>d\r", "abcd")]
    [InlineData("abc<^R>zzz\r", "abc")]
    [InlineData("x<Paste>one\ntwo # a\n# no\n\tthree\n</Paste>\r", "xone; two # a; three")]
    [InlineData("x<Paste>one\n</Paste>y\r", "xoney")]
    [InlineData("a<Unknown>b\r", "ab")]
    public void Edit_the_line(string keys, string line) => Assert.Equal(line, Read(keys));

    [Fact]
    public void Control_D_on_an_empty_line_is_the_end()
    {
        Assert.Null(Read("<^D>"));
        Assert.Null(Read("ab<Backspace><Backspace><^D>"));
    }

    [Theory]
    [InlineData("su\t\r", "summary ")]
    [InlineData("s\t\r", "s")]
    [InlineData("st\tx\r", "strings x")]
    [InlineData("paths '{i\t\r", "paths '{id, name}' ")]
    [InlineData("paths {i\t\r", "paths '{id, name}' ")]
    [InlineData("paths \"{i\t\r", "paths \"{id, name}\" ")]
    [InlineData("paths Ses\t\r", "paths Session")]
    [InlineData("paths Sessions\t\r", "paths Sessions ")]
    [InlineData("paths it\t\r", "paths 'it'\\''s' ")]
    public void Tab_completes_what_is_certain(string keys, string line) => Assert.Equal(line, Read(keys));

    [Fact]
    public void Tab_lists_what_is_possible()
    {
        Read("paths Ses\t\t\r");
        Assert.Contains("Session   Sessions", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupt_is_for_the_line_that_is_being_typed()
    {
        LineEditor? editor = null;
        var keys = new Queue<ConsoleKeyInfo>(ConsoleKeys.Parse("abcx\r"));
        editor = New(() =>
        {
            if (keys.Count == 2) Assert.True(editor!.Interrupt());
            return keys.Dequeue();
        }, () => keys.Count > 0);
        Assert.Equal("x", editor.Read("> "));
        Assert.Contains("^C\r\n", _screen.ToString(), StringComparison.Ordinal);
        Assert.False(editor.Interrupt());
    }

    [Theory]
    [InlineData("abcdef", 6, 4, 1, 2)]
    [InlineData("abcd", 4, 4, 1, 0)]
    [InlineData("abc日x", 4, 4, 1, 2)]
    [InlineData("abc日x", 5, 4, 1, 3)]
    [InlineData("a😀b", 3, 10, 0, 3)]
    [InlineData("", 0, 4, 0, 0)]
    public void Rows_are_those_of_a_terminal(string text, int at, int columns, int row, int column) =>
        Assert.Equal((row, column), LineScreen.Place(text, at, columns));

    private string? Read(string typed)
    {
        var keys = new Queue<ConsoleKeyInfo>(ConsoleKeys.Parse(typed));
        return New(keys.Dequeue, () => keys.Count > 0).Read("> ");
    }

    private LineEditor New(Func<ConsoleKeyInfo> read, Func<bool> isAvailable) =>
        new(new KeyReader(read, isAvailable), _screen, () => 60, _history, Complete);

    private static Completion Complete(string line, int cursor)
    {
        int start = line.LastIndexOf(' ', cursor - 1) + 1;
        string word = line[start..cursor];
        char quote = word.Length > 0 && word[0] is '\'' or '"' ? word[0] : '\0';
        string[] words = start == 0 ? ["strings", "summary"] : ["Session", "Sessions", "it's", "{id, name}"];
        return new Completion(start, quote, [.. words.Where(w => w.StartsWith(word.TrimStart('\'', '"'), StringComparison.Ordinal))]);
    }
}

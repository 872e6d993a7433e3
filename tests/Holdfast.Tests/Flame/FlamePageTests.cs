using System.Diagnostics;
using System.Text;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Flame;

/// <summary>Pages in a real browser: zoom, search, reset, keyboard, names that try to break out, many frames.</summary>
public sealed class FlamePageTests : IDisposable
{
    private const string Hostile = "<script>window.broken=1</script>\"'&]]>";
    private static readonly string Text = $"node;main;left {60}\nnode;main;right;deep 30\nnode;{Hostile} 10\nnode;{new string('L', 10_000)} 5\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_zooms_searches_and_resets_by_mouse_and_keys()
    {
        await using Browser browser = await Open("html", Text);
        Assert.Equal("all", (string?)await browser.Evaluate("flame.zoomed()"));
        double[] right = await CenterOnPage(browser, "right");
        await browser.Click(right[0], right[1]);
        Assert.Equal("right", (string?)await browser.Evaluate("flame.zoomed()"));
        Assert.Contains("30 samples, 28.57 %", (string)(await browser.Evaluate("document.getElementById('status').textContent"))!, StringComparison.Ordinal);
        Assert.Equal("block", (string?)await browser.Evaluate("document.getElementById('tip').style.display"));
        await browser.Press("Escape");
        Assert.Equal("all", (string?)await browser.Evaluate("flame.zoomed()"));
        await browser.Press("ArrowUp");
        await browser.Press("ArrowUp");
        Assert.Equal("main", (string?)await browser.Evaluate("flame.selected()"));
        await browser.Press("ArrowUp");
        await browser.Press("ArrowRight");
        await browser.Press("Enter");
        Assert.Equal("right", (string?)await browser.Evaluate("flame.zoomed()"));
        await browser.Press("/", "/");
        await browser.Type("^(left|deep)$");
        await browser.Press("Enter");
        Assert.Equal("Matched: 85.7 % in 2 stacks", (string?)await browser.Evaluate("document.getElementById('matched').textContent"));
        await browser.Evaluate("document.getElementById('reset').click()");
        Assert.Equal("", (string?)await browser.Evaluate("document.getElementById('matched').textContent"));
        Assert.Equal("all", (string?)await browser.Evaluate("flame.zoomed()"));
    }

    [Fact]
    public async Task The_picture_zooms_searches_and_resets_by_mouse_and_keys()
    {
        await using Browser browser = await Open("svg", Text);
        double[] right = [.. (await browser.Evaluate("(f => { const r = f.rect.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })(flame.frames.find(f => f.name === 'right'))"))!.AsArray().Select(n => (double)n!)];
        await browser.Click(right[0], right[1]);
        Assert.Equal("right", (string?)await browser.Evaluate("flame.zoomed()"));
        Assert.Equal("none", (string?)await browser.Evaluate("flame.frames.find(f => f.name === 'left').g.style.display"));
        Assert.Equal(1180, (double)(await browser.Evaluate("+flame.frames.find(f => f.name === 'deep').rect.getAttribute('width')"))!, 1.0);
        Assert.StartsWith("right (30 samples", (string?)await browser.Evaluate("document.getElementById('details').textContent"), StringComparison.Ordinal);
        await browser.Press("Escape");
        Assert.Equal("all", (string?)await browser.Evaluate("flame.zoomed()"));
        await browser.Press("/", "/");
        await browser.Type("left|deep");
        await browser.Press("Enter");
        Assert.StartsWith("Matched: 85.7%", (string?)await browser.Evaluate("document.getElementById('matched').textContent"), StringComparison.Ordinal);
        await browser.Press("ArrowUp");
        await browser.Press("Enter");
        Assert.NotEqual("all", (string?)await browser.Evaluate("document.querySelector('.at title').textContent"));
        await browser.Evaluate("document.getElementById('reset').dispatchEvent(new MouseEvent('click', { bubbles: true }))");
        Assert.Equal("all", (string?)await browser.Evaluate("flame.zoomed()"));
    }

    [Theory]
    [InlineData("html")]
    [InlineData("svg")]
    public async Task Names_cannot_break_out_of_the_page(string format)
    {
        await using Browser browser = await Open(format, Text);
        Assert.Equal("undefined", (string?)await browser.Evaluate("typeof window.broken"));
        string names = format == "html" ? "data.names" : "flame.frames.map(f => f.name)";
        Assert.True((bool)(await browser.Evaluate($"{names}.includes({System.Text.Json.JsonSerializer.Serialize(Hostile)})"))!);
        Assert.True((bool)(await browser.Evaluate($"{names}.some(n => n.length === 10000)"))!);
        Assert.Equal(0, (int)(await browser.Evaluate("performance.getEntriesByType('resource').filter(r => !r.name.startsWith('file:')).length"))!);
    }

    [Theory]
    [InlineData("html")]
    [InlineData("svg")]
    public async Task Fifty_thousand_frames_are_quick_to_zoom_and_search(string format)
    {
        var text = new StringBuilder();
        for (int i = 0; i < 25_000; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"node;group{i % 50};f{i};g{i} 1\n");
        await using Browser browser = await Open(format, text.ToString(), "--min-width", "0");
        Assert.True((int)(await browser.Evaluate(format == "html" ? "flame.count" : "flame.frames.length"))! > 50_000);
        var clock = Stopwatch.StartNew();
        string target = format == "html" ? "flame.index('group7')" : "flame.frames.find(f => f.name === 'group7')";
        await browser.Evaluate($"flame.zoom({target})");
        await browser.Evaluate("flame.search('f1.*7$')");
        Assert.Equal("group7", (string?)await browser.Evaluate("flame.zoomed()"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"zoom and search took {clock.Elapsed}");
    }

    private async Task<Browser> Open(string format, string text, params string[] options) =>
        await Browser.Open(_folder.Write("page." + format, Encoding.UTF8.GetBytes(FlameRun.Draw(FlameRun.Of(text, options), format))));

    private static async Task<double[]> CenterOnPage(Browser browser, string name) =>
        [.. (await browser.Evaluate($"(c => {{ const r = document.getElementById('canvas').getBoundingClientRect(); return [r.x + c.x, r.y + c.y]; }})(flame.center(flame.index('{name}')))"))!.AsArray().Select(n => (double)n!)];
}

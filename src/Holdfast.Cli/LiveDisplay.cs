using Holdfast.Reports;
using Holdfast.Views;

namespace Holdfast.Cli;

/// <summary>A report that is shown again and again in the same place of a terminal, and gone at the end.</summary>
/// <param name="output">The terminal: standard error.</param>
/// <param name="color">Whether headings stand out.</param>
internal sealed class LiveDisplay(TextWriter output, bool color) : IDisposable
{
    private const string ClearBelow = "\r\u001b[J";

    private int _lines;

    /// <param name="report">What to show now; what does not fit on the screen is left out.</param>
    public void Show(Report report)
    {
        int height = Height();
        using var text = new StringWriter();
        new TextView(text, Math.Max(20, Execution.TerminalWidth() - 1), color).Write(report);
        string[] lines = text.ToString().TrimEnd('\n').Split('\n');
        if (lines.Length > height) lines = lines[..height];
        output.Write(Back() + string.Join('\n', lines) + "\n");
        output.Flush();
        _lines = lines.Length;
    }

    public void Dispose()
    {
        output.Write(Back());
        output.Flush();
        _lines = 0;
    }

    private string Back() => _lines == 0 ? "" : $"\u001b[{_lines}A{ClearBelow}";

    private static int Height()
    {
        try
        {
            return Math.Max(4, Console.WindowHeight - 2);
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return 22;
        }
    }
}

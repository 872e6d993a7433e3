using System.Globalization;
using System.Text;
using Holdfast.Common;

namespace Holdfast.Sources.Perf;

/// <summary>Lines of a text that are not what it should be made of: how many, and which first.</summary>
internal sealed class BadLines
{
    private const int Named = 5;
    private const int Shown = 60;

    private readonly List<long> _first = [];
    private string _example = "";

    public long Count { get; private set; }

    public void Add(long number, ReadOnlySpan<byte> line)
    {
        Count++;
        if (_first.Count == 0) _example = Show(line);
        if (_first.Count < Named) _first.Add(number);
    }

    /// <summary>Says so, where there are any.</summary>
    public void Warn(string inputName, string what, Work work)
    {
        if (Count == 0) return;
        work.Warn($"{inputName}: {Count.ToString("#,0", CultureInfo.InvariantCulture)} line{(Count == 1 ? " is" : "s are")} not of {what} and left out: {Places()}.");
    }

    /// <summary>"line 3 ('…')", "lines 3 ('…'), 7, 9 and more".</summary>
    public string Places()
    {
        string rest = string.Concat(_first.Skip(1).Select(n => string.Create(CultureInfo.InvariantCulture, $", {n}")));
        return string.Create(CultureInfo.InvariantCulture, $"line{(Count == 1 ? "" : "s")} {_first[0]} ('{_example}'){rest}{(Count > Named ? " and more" : "")}");
    }

    private static string Show(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder();
        foreach (char c in Encoding.UTF8.GetString(line[..Math.Min(Shown, line.Length)])) text.Append(char.IsControl(c) ? '?' : c);
        return line.Length > Shown ? text + "…" : text.ToString();
    }
}

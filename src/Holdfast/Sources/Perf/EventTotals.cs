using System.Globalization;
using System.Text;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>The events of a text: which count, how much there was of each, and when.</summary>
internal sealed class EventTotals(PerfTextOptions options)
{
    private readonly ByteTable _names = new();
    private readonly List<long> _samples = [];
    private readonly List<long> _weights = [];
    private readonly List<bool> _isKept = [];
    private double _first = double.MaxValue;
    private double _last = -1;
    private int _default = -1;

    /// <summary>Notes a sample; gives whether it counts.</summary>
    public bool Count(ReadOnlySpan<byte> name, long weight, double time)
    {
        // The script's filter does not see events it cannot read in the header: they count always.
        int e = _names.Add(name);
        if (e == _samples.Count)
        {
            _samples.Add(0);
            _weights.Add(0);
            _isKept.Add(IsWanted(e, name));
        }

        _samples[e]++;
        _weights[e] = Saturating.Add(_weights[e], weight);
        if (!_isKept[e]) return false;
        if (time >= 0) (_first, _last) = (Math.Min(_first, time), Math.Max(_last, time));
        return true;
    }

    public ProfileFacts Facts()
    {
        List<ProfileEvent> events = [.. Enumerable.Range(0, _names.Count).Select(i => new ProfileEvent(Name(i), _samples[i], _weights[i], _isKept[i]))];
        string kept = string.Join(", ", events.Where(e => e.IsKept).Select(e => e.Name));
        return new ProfileFacts("perf script", kept, UnitOf(kept), false, events, _last > _first ? _last - _first : null);
    }

    /// <exception cref="InputException">No sample counts.</exception>
    public void Check(string inputName, BadLines bad, long lines)
    {
        if (_isKept.Contains(true)) return;
        if (_names.Count > 0)
            throw new InputException($"{inputName}: has no samples of {string.Join(", ", options.Events.Select(g => g.Pattern))}. Its events are: {string.Join(", ", Enumerable.Range(0, _names.Count).Select(Name))}.");
        if (lines == 0) throw new InputException($"{inputName}: is empty, expected stacks: the text of perf script, or folded stacks. Was anything recorded?");
        string found = bad.Count == 0 ? "comments only" : $"{bad.Count.ToString("#,0", CultureInfo.InvariantCulture)} other lines, {bad.Places()}";
        throw new InputException($"{inputName}: has no stacks: found {found}; expected the text of perf script (`node 123 45.678:  1 page-faults:` and a line a frame) or folded stacks (`a;b;c 12`).");
    }

    public void Warn(string inputName, Work work)
    {
        int[] others = [.. Enumerable.Range(0, _names.Count).Where(i => !_isKept[i])];
        if (others.Length == 0 || options.Events.Count > 0) return;
        string list = string.Join(", ", others.Take(5).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Name(i)} ({_samples[i]:#,0} samples)")));
        work.Warn($"{inputName}: only {Name(_default)} is counted, the first event; there {(others.Length == 1 ? "is" : "are")} also {list}: --event NAME takes another.");
    }

    private string Name(int e) => _names[e].IsEmpty ? "(unnamed)" : _names.Decode(e);

    private bool IsWanted(int e, ReadOnlySpan<byte> name)
    {
        if (options.IsCompatible && name.IsEmpty) return true;
        if (options.Events.Count > 0)
        {
            string text = Encoding.UTF8.GetString(name);
            return options.Events.Any(glob => glob.Matches(text));
        }

        if (_default < 0) _default = e;
        return _default == e;
    }

    private static string UnitOf(string name) => name switch
    {
        _ when name.Contains("fault", StringComparison.Ordinal) => "page faults",
        _ when name.StartsWith("syscalls:", StringComparison.Ordinal) => "calls",
        _ when name.Contains("cycles", StringComparison.Ordinal) => "cycles",
        _ when name.Contains("clock", StringComparison.Ordinal) => "nanoseconds",
        _ => "samples",
    };
}

using System.Globalization;
using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>The values given for a command's parameters, with the defaults of those not given.</summary>
public sealed class Arguments
{
    private readonly Dictionary<string, IReadOnlyList<string>> _values = [];

    /// <param name="parameters">The command's parameters.</param>
    /// <param name="given">Values by parameter name; a flag has the value "true".</param>
    public Arguments(IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, IReadOnlyList<string>> given)
    {
        foreach (Parameter parameter in parameters)
        {
            if (given.TryGetValue(parameter.Name, out IReadOnlyList<string>? values) && values.Count > 0)
                _values[parameter.Name] = values;
            else if (parameter.Default is not null)
                _values[parameter.Name] = [parameter.Default];
        }
    }

    public IReadOnlyList<string> Texts(string name) => _values.GetValueOrDefault(name, []);

    /// <summary>The value, or null where none was given and there is no default.</summary>
    public string? TextOrNull(string name) => _values.TryGetValue(name, out IReadOnlyList<string>? values) ? values[0] : null;

    public string Text(string name) => TextOrNull(name) ?? throw new InputException($"{name} is missing.");

    public bool Flag(string name) => _values.ContainsKey(name);

    /// <summary>A whole number from 0.</summary>
    public long Number(string name)
    {
        string text = Text(name);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return number;
        throw new InputException($"--{name} {text}: expected a whole number from 0.");
    }

    /// <summary>A number of rows; 0 was typed for all of them.</summary>
    public int Limit(string name = "limit")
    {
        long number = Number(name);
        return number == 0 ? int.MaxValue : (int)Math.Min(int.MaxValue, number);
    }
}

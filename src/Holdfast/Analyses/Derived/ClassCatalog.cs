using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>A row of the class table: what its objects are called, and where their constructor stands, if known.</summary>
public readonly record struct ClassKey(string Name, Location? Location)
{
    /// <summary>DevTools' own form: <c>script,line,column,name</c>, or <c>,name</c>.</summary>
    public override string ToString() => Location is { } at ? $"{at.ScriptId},{at.Line},{at.Column},{Name}" : $",{Name}";
}

/// <summary>Classes by number, the same number for the same class in every snapshot that shares the catalog.</summary>
public sealed class ClassCatalog
{
    private readonly Dictionary<ClassKey, int> _numbers = [];
    private readonly List<ClassKey> _keys = [];

    public int Count => _keys.Count;

    public ClassKey this[int number] => _keys[number];

    public int Number(ClassKey key)
    {
        if (_numbers.TryGetValue(key, out int number)) return number;
        number = _keys.Count;
        _numbers.Add(key, number);
        _keys.Add(key);
        return number;
    }
}

using System.Globalization;
using System.Text.Json;
using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>
/// What a program may keep, from a JSON file:
/// <code>
/// {
///   "suspects": 0,
///   "total_size": "200 MB",
///   "total_growth": "5 MB",
///   "constructors": { "Session": { "count": 1000, "count_growth": 10, "size": "1 MB", "size_growth": 65536 }, "*Request": { "count_growth": 0 } }
/// }
/// </code>
/// All keys may be left out; suspects count for 0 then. Sizes are bytes, or texts with KB, MB or GB (1024 each).
/// </summary>
internal sealed record Budget(int Suspects, long? TotalSize, long? TotalGrowth, IReadOnlyDictionary<string, ConstructorBudget> Constructors)
{
    private const int LargestFile = 1 << 20;

    private static readonly string[] Units = ["B", "KB", "MB", "GB"];

    /// <summary>What is checked where no budget is given: that there is no leak.</summary>
    public static Budget NoLeak { get; } = new(0, null, null, new Dictionary<string, ConstructorBudget>());

    /// <exception cref="InputException">There is no such file, or it is no budget.</exception>
    public static Budget Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile })
                throw new InputException($"{path}: a budget of more than {LargestFile >> 10} KiB: is it the right file?");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Parse(path, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: line {e.LineNumber + 1}: not JSON. A budget looks like {{ \"total_growth\": \"5 MB\" }}.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new InputException($"{path}: a text in it is no valid Unicode.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the budget cannot be read: {e.Message}", e);
        }
    }

    private static Budget Parse(string path, JsonElement root)
    {
        Expect(root.ValueKind == JsonValueKind.Object, path, "", root, "an object such as { \"total_growth\": \"5 MB\" }");
        int suspects = 0;
        long? size = null, growth = null;
        var constructors = new Dictionary<string, ConstructorBudget>();
        foreach (JsonProperty property in root.EnumerateObject())
        {
            switch (property.Name)
            {
                case "suspects": suspects = (int)Math.Min(int.MaxValue, Number(path, property)); break;
                case "total_size": size = Size(path, property); break;
                case "total_growth": growth = Size(path, property); break;
                case "constructors":
                    Expect(property.Value.ValueKind == JsonValueKind.Object, path, property.Name, property.Value, "an object by constructor");
                    foreach (JsonProperty constructor in property.Value.EnumerateObject()) constructors[constructor.Name] = ParseConstructor(path, constructor);
                    break;
                default: throw Unknown(path, property.Name, "suspects, total_size, total_growth, constructors");
            }
        }

        return new Budget(suspects, size, growth, constructors);
    }

    private static ConstructorBudget ParseConstructor(string path, JsonProperty constructor)
    {
        Expect(constructor.Value.ValueKind == JsonValueKind.Object, path, constructor.Name, constructor.Value, "an object such as { \"count_growth\": 10 }");
        var budget = new ConstructorBudget(null, null, null, null);
        foreach (JsonProperty property in constructor.Value.EnumerateObject())
        {
            budget = property.Name switch
            {
                "count" => budget with { Count = Number(path, property) },
                "count_growth" => budget with { CountGrowth = Number(path, property) },
                "size" => budget with { Size = Size(path, property) },
                "size_growth" => budget with { SizeGrowth = Size(path, property) },
                _ => throw Unknown(path, $"{constructor.Name}.{property.Name}", "count, count_growth, size, size_growth"),
            };
        }

        return budget;
    }

    private static long Number(string path, JsonProperty property)
    {
        long number = -1;
        bool isWhole = property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt64(out number);
        Expect(isWhole && number >= 0, path, property.Name, property.Value, "a whole number from 0");
        return number;
    }

    private static long Size(string path, JsonProperty property)
    {
        if (property.Value.ValueKind != JsonValueKind.String) return Number(path, property);
        string text = property.Value.GetString()!.Trim();
        string digits = text.TrimEnd("KMGBikmgb ".ToCharArray());
        int unit = Array.IndexOf(Units, text[digits.Length..].Trim().ToUpperInvariant().Replace("I", "", StringComparison.Ordinal));
        bool known = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && unit >= 0;
        Expect(known, path, property.Name, property.Value, "bytes, or a text such as \"5 MB\"");
        return (long)(number * Math.Pow(1024, unit));
    }

    private static void Expect(bool holds, string path, string key, JsonElement found, string expected)
    {
        if (holds) return;
        string text = found.GetRawText();
        throw new InputException($"{path}: {(key.Length == 0 ? "found" : $"{key}: found")} {(text.Length > 60 ? text[..60] + "…" : text)}, expected {expected}.");
    }

    private static InputException Unknown(string path, string key, string known) => new($"{path}: {key} is no budget; known are {known}.");
}

/// <summary>What one constructor may keep; growth is from the first snapshot to the last.</summary>
internal sealed record ConstructorBudget(long? Count, long? CountGrowth, long? Size, long? SizeGrowth);

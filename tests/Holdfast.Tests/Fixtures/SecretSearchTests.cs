using System.Text;

namespace Holdfast.Tests.Fixtures;

/// <summary>The search that other tests rely on finds what there is.</summary>
public sealed class SecretSearchTests
{
    private const string Secret = "top-secret-value";

    public static TheoryData<string> Hidden =>
    [
        Secret,
        "..." + Secret[3..11],
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("a" + Secret)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("ab" + Secret)),
        Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)),
        string.Concat(Secret.Select(c => $"\\u{(int)c:x4}")),
    ];

    [Theory]
    [MemberData(nameof(Hidden))]
    public void A_secret_is_found_however_it_is_written(string text)
    {
        Assert.NotNull(SecretSearch.Find(Encoding.UTF8.GetBytes($"some {text} text"), Secret));
        Assert.NotNull(SecretSearch.Find(Encoding.Unicode.GetBytes($"some {Secret} text"), Secret));
        Assert.NotNull(SecretSearch.Find(Encoding.BigEndianUnicode.GetBytes($"some {Secret} text"), Secret));
        Assert.Null(SecretSearch.Find("some text that has top-sec and ret-val"u8, Secret));
    }
}

namespace Holdfast.Tests.Fixtures;

/// <summary>Where the repository is, found from where the tests run.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string Samples => Path.Combine(Root, "samples");

    public static string Fixture(string name) => Path.Combine(Root, "tests", "Holdfast.Tests", "Fixtures", name);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException($"no Holdfast.slnx above {AppContext.BaseDirectory}");
    }
}

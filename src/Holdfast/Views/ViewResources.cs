namespace Holdfast.Views;

/// <summary>Scripts and pages that views write out.</summary>
internal static class ViewResources
{
    public static string Text(string name)
    {
        using Stream stream = typeof(ViewResources).Assembly.GetManifestResourceStream("view:" + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

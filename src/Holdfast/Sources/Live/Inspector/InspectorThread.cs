using System.Globalization;

namespace Holdfast.Sources.Live.Inspector;

/// <summary>A thread that an inspector speaks for.</summary>
/// <param name="Session">Of a worker; null for the main thread.</param>
/// <param name="Number">0 for the main thread, then Node's number of the worker.</param>
/// <param name="Name"><c>main</c>, a worker's name, or <c>worker-N</c>.</param>
internal sealed record InspectorThread(string? Session, int Number, string Name)
{
    public static InspectorThread Main { get; } = new(null, 0, "main");

    /// <param name="session">Its session.</param>
    /// <param name="id">Its number, as text.</param>
    /// <param name="title">What Node calls it: <c>Worker 1</c>, since Node 22 <c>[worker 1] name</c>.</param>
    /// <param name="taken">Names of others.</param>
    public static InspectorThread OfWorker(string session, string id, string title, IEnumerable<string> taken)
    {
        _ = int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        int bracket = title.StartsWith("[worker ", StringComparison.Ordinal) ? title.IndexOf(']') : -1;
        string name = bracket > 0 ? title[(bracket + 1)..].Trim() : "";
        if (name.Length == 0 || name == "WorkerThread") name = $"worker-{number}";
        return new InspectorThread(session, number, taken.Contains(name) ? $"{name}-{number}" : name);
    }
}

using Holdfast.Common;
using Holdfast.Sources.Live.Capture;

namespace Holdfast.Commands;

/// <summary>Asks an application for snapshots by a page of its own. The files must be on this machine.</summary>
/// <param name="server">The application.</param>
/// <param name="target">What was typed.</param>
/// <param name="rest">How it is asked.</param>
/// <param name="threads">Which threads, one after the other.</param>
internal sealed class RestMethod(Uri server, string target, RestSnapshot rest, IReadOnlyList<string> threads) : CaptureMethod
{
    public override string Name => "rest";

    public override IReadOnlyList<CapturedFileRecord> Take(string folder, CommandContext context)
    {
        var taken = new List<CapturedFileRecord>();
        foreach (string thread in threads)
        {
            DateTimeOffset time = DateTimeOffset.UtcNow;
            string written = rest.Take(server, thread, Path.GetFullPath(folder), context.Work);
            if (!File.Exists(written))
                throw new InputException($"{target}: wrote {written}, which is not on this machine, or not for this user to see. Copy it here and give it to the command; nothing is in {folder} of it.");
            GrowingFile.WaitForEnd(written, () => true, target, context.Work);
            string name = FileName(server.Host, null, thread, time, "heapsnapshot.zst");
            long bytes = SnapshotFiles.Keep(written, Path.Combine(folder, name), context.Work);
            taken.Add(new CapturedFileRecord(name, target, server.Host, null, null, thread, Name, "heapsnapshot", time, bytes, null, null, null));
        }

        return taken;
    }
}

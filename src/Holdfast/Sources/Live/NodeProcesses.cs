using System.Net;
using Holdfast.Common;

namespace Holdfast.Sources.Live;

/// <summary>Finds the processes of Node.js among all: by what their programs are, not by their names.</summary>
public sealed class NodeProcesses(ProcFolder proc)
{
    /// <summary>Threads that V8 and Node name; they are seen of other users' processes, too.</summary>
    private static readonly string[] ThreadMarks = ["V8Worker", "node-V8Worker", "DelayedTaskSche", "node-MainThread", "SignalInspector"];

    private readonly Dictionary<(string Path, long Length, DateTime Written), NodeProgram?> _programs = [];

    /// <summary>All of the machine, by id.</summary>
    /// <exception cref="InputException">Processes cannot be listed.</exception>
    public IReadOnlyList<NodeProcess> All(Work work)
    {
        var found = new List<NodeProcess>();
        foreach (int pid in proc.Ids())
        {
            work.ThrowIfCancelled();
            if (ProcessStatus.Read(proc, pid) is { IsZombie: false } status && Describe(status) is { } node) found.Add(node);
        }

        return found;
    }

    /// <summary>One process, which must be there and be Node.</summary>
    /// <exception cref="InputException">It is not there, has ended, is not Node, or may not be looked at.</exception>
    public NodeProcess Get(int pid)
    {
        if (ProcessStatus.Read(proc, pid) is not { } status || status.Pid != pid)
            throw new InputException($"pid:{pid}: there is no such process. `holdfast ps` lists those of Node.js.");
        if (status.IsZombie)
            throw new InputException($"pid:{pid}: has ended ({status.Name}, a zombie: only its parent has not noticed), so it has no memory any more. `holdfast ps` lists those that run.");
        if (Describe(status) is { } node) return node;
        if (proc.IsLive && proc.Link(pid, "exe") is null && proc.Strings(pid, "cmdline").Count > 0)
            throw new InputException($"pid:{pid}: is '{status.Name}' of user {status.Uid}, and this user may not see what it runs. Run as that user or as root.");
        throw new InputException($"pid:{pid}: is '{status.Name}', which is no Node.js ({proc.Link(pid, "exe") ?? "a thread of the kernel"} has neither V8's nor Node's symbols). Nothing was done to it. `holdfast ps` lists those of Node.js.");
    }

    /// <summary>Null where it is something else.</summary>
    private NodeProcess? Describe(ProcessStatus status)
    {
        int pid = status.Pid;
        string? path = proc.Link(pid, "exe");
        NodeProgram? program = path is null ? null : ProgramOf(pid, path);
        IReadOnlyList<string> commandLine = proc.Strings(pid, "cmdline");
        if (program is null && (path is not null || commandLine.Count == 0)) return null;
        IReadOnlyList<string> threads = [.. proc.ThreadIds(pid).Select(id => proc.Text(pid, $"task/{id}/comm")?.TrimEnd('\n') ?? "?")];
        if (program is null && !LooksLikeNode(status, commandLine, threads)) return null;
        NodeArguments arguments = NodeArguments.Parse(commandLine, proc.Strings(pid, "environ"));
        return new NodeProcess(
            status, path, program is { Version.Length: > 0 } ? program.Version : null, commandLine, arguments, threads,
            InspectorOf(ListeningSockets.Of(proc, pid), arguments), ProcessAccess.Of(proc, status));
    }

    /// <summary>Of a process whose program this user may not see.</summary>
    private static bool LooksLikeNode(ProcessStatus status, IReadOnlyList<string> commandLine, IReadOnlyList<string> threads) =>
        threads.Any(ThreadMarks.Contains) || (status.Name == "node" && commandLine.Count > 0 && Path.GetFileName(commandLine[0]) == "node");

    private NodeProgram? ProgramOf(int pid, string path)
    {
        string own = proc.PathOf(pid, "exe");
        if (!proc.IsLive && !File.Exists(own)) return null;
        NodeProgram? program = Cached(own, path);
        if (program is not null || !proc.IsLive) return program;

        // Node as a library: what runs it is another program.
        return (proc.Text(pid, "maps") ?? "").Contains("libnode", StringComparison.Ordinal)
            && MemoryMapping.Parse(proc.Text(pid, "maps") ?? "").FirstOrDefault(m => Path.GetFileName(m.Path).StartsWith("libnode", StringComparison.Ordinal)) is { } library
            ? Cached(Path.Join(proc.PathOf(pid, "root"), library.Path), library.Path)
            : null;
    }

    private NodeProgram? Cached(string file, string name)
    {
        try
        {
            // What the link leads to may be replaced or deleted by now; the link itself opens what runs.
            using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var key = (name, open.Length, File.GetLastWriteTimeUtc(open.SafeFileHandle));
            if (!_programs.TryGetValue(key, out NodeProgram? program)) _programs[key] = program = NodeProgram.Read(file);
            return program;
        }
        catch (Exception e) when (ProcFolder.IsGone(e))
        {
            return null;
        }
    }

    /// <summary>The socket on the inspector's port; another port's may be anything, and none is asked what it is.</summary>
    private static IPEndPoint? InspectorOf(IReadOnlyList<IPEndPoint> listening, NodeArguments arguments) =>
        listening.FirstOrDefault(s => s.Port == arguments.InspectorPort);
}

using System.Text;
using Holdfast.Sources.Live;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.Live;

/// <summary>A folder like /proc, made of texts.</summary>
internal sealed class ProcFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Root => _folder.Path;

    public ProcFolder Proc => new(Root);

    public ProcFiles With(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        _folder.Write(path, Encoding.UTF8.GetBytes(text));
        return this;
    }

    public ProcFiles WithLink(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        File.CreateSymbolicLink(_folder.File(path), target);
        return this;
    }

    /// <summary>A process as the kernel describes it, of one thread that is called like it.</summary>
    public ProcFiles WithProcess(int pid, string name, string state = "S (sleeping)", int uid = 1000, string caught = "0000000100004602", params string[] command)
    {
        With($"{pid}/status", $"Name:\t{name}\nState:\t{state}\nTgid:\t{pid}\nPid:\t{pid}\nUid:\t1\t{uid}\t1\t1\nVmHWM:\t  200 kB\nVmSize:\t 1000 kB\nVmRSS:\t  120 kB\nRssAnon:\t  100 kB\nRssFile:\t   20 kB\nThreads:\t1\nSigCgt:\t{caught}\n");
        With($"{pid}/cmdline", string.Concat(command.Select(c => c + "\0")));
        return With($"{pid}/task/{pid}/comm", name + "\n");
    }

    public void Dispose() => _folder.Dispose();
}

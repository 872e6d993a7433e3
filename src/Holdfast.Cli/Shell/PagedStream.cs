using System.Diagnostics;

namespace Holdfast.Cli.Shell;

/// <summary>Keeps what is written until it is more than fits on a screen; then a pager gets it, and what follows as it comes.</summary>
/// <param name="lines">What fits.</param>
/// <param name="startPager">Starts the pager; null where there is none.</param>
internal sealed class PagedStream(int lines, Func<Process?> startPager) : Stream
{
    private readonly MemoryStream _kept = new();
    private int _lines;
    private Process? _pager;
    private Stream? _target;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_target is not null)
        {
            _target.Write(buffer);
            return;
        }

        _kept.Write(buffer);
        _lines += buffer.Count((byte)'\n');
        if (_lines > lines) Release(_pager = startPager());
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // What is on the way gets there by itself.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Writes what is left, and waits for the pager.</summary>
    public void Finish()
    {
        if (_target is null) Release(null);
        if (_pager is not null) Close(_pager);
        _pager?.Dispose();
        _pager = null;
    }

    /// <summary>Ends what a process reads, and waits until it has done with it.</summary>
    public static void Close(Process process)
    {
        try
        {
            process.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // It ended before.
        }

        process.WaitForExit();
    }

    private void Release(Process? pager)
    {
        _target = pager?.StandardInput.BaseStream ?? Console.OpenStandardOutput();
        _kept.WriteTo(_target);
        _kept.SetLength(0);
    }
}

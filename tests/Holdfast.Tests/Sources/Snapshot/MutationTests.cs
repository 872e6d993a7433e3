using CsCheck;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.Snapshot;

/// <summary>A real snapshot, damaged at random: a graph or an InputException, soon, and without much memory.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class MutationTests
{
    private const int Mutations = 2500;
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    private static readonly byte[][] Pieces =
    [
        .. new[] { "[", "]", "{", "}", "\"", "\\", ",", ":", "-", ".", "0", "9999999999", "9007199254740991", "\n", "null", "\\u", "\\ud83d", "[[[[", "\"nodes\":[", "]]" }
            .Select(System.Text.Encoding.UTF8.GetBytes),
        [0],
        [0xFF],
        [0xED, 0xA0, 0x80],
    ];

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.Select(Gen.Int[0, 6], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 1000]).Select(
        (kind, where, where2, value, number) => (Func<byte[], byte[]>)(text =>
        {
            if (text.Length == 0) return text;
            int at = (int)(where * (text.Length - 1));
            int length = Math.Min(number, text.Length - at);
            int other = (int)(where2 * (text.Length - 1));
            return kind switch
            {
                0 => [.. text[..at], (byte)(text[at] ^ (1 << (value & 7))), .. text[(at + 1)..]],
                1 => [.. text[..at], value, .. text[(at + 1)..]],
                2 => [.. text[..at], .. text[(at + length)..]],
                3 => [.. text[..at], .. Pieces[number % Pieces.Length], .. text[at..]],
                4 => text[..at],
                5 => [.. text[..other], .. text.AsSpan(at, length), .. text[other..]],

                // A digit becomes another one: what is valid JSON still is the hardest to refuse.
                _ => [.. text.Select((b, i) => i >= at && i < at + 3 && b is >= (byte)'0' and <= (byte)'9' ? (byte)('0' + value % 10) : b)],
            };
        }));

    [Theory]
    [InlineData("small-node24.json")]
    [InlineData("small-node20-timeline.json")]
    public async Task Any_damage_ends_in_a_graph_or_in_an_error_for_people(string file)
    {
        byte[] whole = await File.ReadAllBytesAsync(RepositoryFiles.Fixture(file), TestContext.Current.CancellationToken);
        long before = Environment.WorkingSet;
        long most = 0;
        byte[]? current = null;
        Task run = Task.Run(
            () => Mutation.Array[1, 4].Sample(
                mutations =>
                {
                    byte[] text = mutations.Aggregate(whole, (bytes, mutate) => mutate(bytes));
                    current = text;
                    UseAll(text);
                    most = Math.Max(most, Environment.WorkingSet - before);
                },
                iter: Mutations,
                threads: 1),
            TestContext.Current.CancellationToken);
        Task first = await Task.WhenAny(run, Watch(() => current, run));
        await first;
        Assert.True(most < MostBytes, $"memory grew by {most} bytes");
    }

    [Fact]
    public void A_snapshot_that_is_not_damaged_passes_the_same_check()
    {
        Assert.True(UseAll(File.ReadAllBytes(RepositoryFiles.Fixture("small-node24.json"))));
        Assert.True(UseAll(File.ReadAllBytes(RepositoryFiles.Fixture("small-node20-timeline.json"))));
        Assert.False(UseAll("{}"u8.ToArray()));
    }

    /// <summary>Reads a text and computes all there is from it; whether it was a snapshot.</summary>
    private static bool UseAll(byte[] text)
    {
        HeapGraph graph;
        try
        {
            graph = Snapshots.Read(text, threads: text.Length % 2 + 1);
        }
        catch (InputException e)
        {
            Assert.Contains(Snapshots.Name, e.Message, StringComparison.Ordinal);
            return false;
        }

        using var heap = new Heap(graph, Work.Unwatched);
        Assert.NotEmpty(ClassTable.Run(heap, Work.Unwatched).Append(null));
        _ = HeapStatistics.Run(heap, Work.Unwatched);
        _ = NativeContextSizes.Run(heap, Work.Unwatched);
        _ = DominatorList.Biggest(heap, graph.Root, 10, Work.Unwatched);
        Assert.Equal(graph.EdgeCount, heap.Retainers.First[^1]);
        for (int node = 0; node < graph.NodeCount; node++) _ = heap.Names[(NodeIndex)node];
        return true;
    }

    /// <summary>Fails when one text takes too long.</summary>
    private static async Task Watch(Func<byte[]?> current, Task run)
    {
        byte[]? last = null;
        while (!run.IsCompleted)
        {
            byte[]? now = current();
            if (now is not null && ReferenceEquals(now, last)) Assert.Fail($"a text of {now.Length} bytes took more than {MostTime}:\n{Convert.ToBase64String(now)}");
            last = now;
            await Task.WhenAny(run, Task.Delay(MostTime));
        }

        await run;
    }
}

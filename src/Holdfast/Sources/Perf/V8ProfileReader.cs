using System.Text.Json;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>
/// Reads V8's own profiles: .heapprofile (sampled allocations that live) and .cpuprofile. Source: V8's protocol,
/// HeapProfiler.SamplingHeapProfile and Profiler.Profile. They are read as a whole: up to <see cref="Limits.MaxProfileBytes"/>.
/// </summary>
internal static class V8ProfileReader
{
    /// <summary>Levels of JSON: each caller takes two.</summary>
    private const int Nesting = 4 * Limits.MaxStackDepth;

    /// <exception cref="InputException">It is no such profile, or damaged.</exception>
    public static StackProfile Read(Stream content, string name, Work work)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadAll(content, name, work), new JsonDocumentOptions { MaxDepth = Nesting });
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("head", out JsonElement head) && head.ValueKind == JsonValueKind.Object) return HeapProfile.Read(root, head, name, work);
            if (root.TryGetProperty("nodes", out JsonElement nodes) && nodes.ValueKind == JsonValueKind.Array && root.TryGetProperty("startTime", out _))
                return CpuProfile.Read(root, nodes, name, work);
        }
        catch (JsonException e)
        {
            throw new InputException($"{name}: is no whole JSON: {e.Message} If V8 was still writing it, take it again.", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InputException($"{name}: is not built as a profile of V8: {e.Message} Expected a .heapprofile ('head' with 'callFrame', 'selfSize', 'children') or a .cpuprofile ('nodes', 'samples').", e);
        }

        throw new InputException($"{name}: is JSON, but no profile of V8: found neither 'head' (.heapprofile) nor 'nodes' and 'startTime' (.cpuprofile) nor 'snapshot' (.heapsnapshot) at its top.");
    }

    /// <summary>The frame of a <c>callFrame</c>. V8 counts lines and columns from 0 there.</summary>
    internal static int AddFrame(StackProfileBuilder builder, JsonElement call)
    {
        string function = call.GetProperty("functionName").GetString() ?? "", url = call.TryGetProperty("url", out JsonElement file) ? file.GetString() ?? "" : "";
        if (url.StartsWith("file://", StringComparison.Ordinal) && Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)) url = uri.LocalPath;
        FrameKind kind = function switch
        {
            "(garbage collector)" => FrameKind.Collector,
            "(program)" => FrameKind.Native,
            "(idle)" or "(root)" => FrameKind.Process,
            _ when url.Length == 0 => FrameKind.Builtin,
            _ => FrameKind.JavaScript,
        };
        return builder.AddFrame(new StackFrame(
            builder.Names.Add(function.Length == 0 && url.Length == 0 ? "(V8 API)" : function), url.Length == 0 ? -1 : builder.Names.Add(url), -1,
            url.Length == 0 ? 0 : Place(call, "lineNumber"), url.Length == 0 ? 0 : Place(call, "columnNumber"), kind, CodeTier.Unknown));
    }

    /// <summary>A whole number from 0 that may be missing; what is too large is the largest, what is below 0 is 0.</summary>
    internal static long Number(JsonElement element, string property)
    {
        if (!element.TryGetProperty(property, out JsonElement value)) return 0;
        if (value.TryGetInt64(out long whole)) return Math.Max(0, whole);
        double number = value.GetDouble();
        return number >= long.MaxValue ? long.MaxValue : number > 0 ? (long)number : 0;
    }

    internal static void WarnOfOverflow(StackProfileBuilder builder, string name, Work work)
    {
        if (builder.HasOverflowed) work.Warn($"{name}: weights add up to more than {long.MaxValue}; sums stop there and shares are not to be trusted.");
    }

    private static int Place(JsonElement call, string property) =>
        call.TryGetProperty(property, out JsonElement value) && value.TryGetInt32(out int number) && number is >= 0 and < int.MaxValue ? number + 1 : 0;

    private static ReadOnlyMemory<byte> ReadAll(Stream content, string name, Work work)
    {
        using var all = new MemoryStream();
        byte[] block = new byte[256 << 10];
        try
        {
            for (int count; (count = content.Read(block)) > 0;)
            {
                work.ThrowIfCancelled();
                if (all.Length + count > Limits.MaxProfileBytes)
                    throw new InputException($"{name}: is larger than {nameof(Limits.MaxProfileBytes)} = {Limits.MaxProfileBytes} bytes. Profile for a shorter time.");
                all.Write(block, 0, count);
            }
        }
        catch (Exception e) when (StackReadErrors.IsOne(e))
        {
            throw StackReadErrors.Explain(e, name, all.Length);
        }

        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }
}

using System.Text.Json.Serialization;

namespace Holdfast.Commands;

/// <summary>JSON for the commands' records: snake_case, nothing for what is null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    MaxDepth = 1024)]
[JsonSerializable(typeof(SummaryRecord))]
[JsonSerializable(typeof(DiffRecord))]
[JsonSerializable(typeof(RetainersRecord))]
[JsonSerializable(typeof(PathsRecord))]
[JsonSerializable(typeof(DominatorsRecord))]
[JsonSerializable(typeof(InspectRecord))]
[JsonSerializable(typeof(StringsRecord))]
[JsonSerializable(typeof(FindRecord))]
[JsonSerializable(typeof(LeaksRecord))]
[JsonSerializable(typeof(CollectionsRecord))]
[JsonSerializable(typeof(VerifyRecord))]
[JsonSerializable(typeof(ConvertRecord))]
[JsonSerializable(typeof(RedactRecord))]
[JsonSerializable(typeof(PackRecord))]
[JsonSerializable(typeof(BtRecord))]
[JsonSerializable(typeof(ThreadsRecord))]
[JsonSerializable(typeof(SourceRecord))]
[JsonSerializable(typeof(ObjectsRecord))]
[JsonSerializable(typeof(InstancesRecord))]
[JsonSerializable(typeof(ConstructorsRecord))]
[JsonSerializable(typeof(FunctionsRecord))]
[JsonSerializable(typeof(PrintRecord))]
[JsonSerializable(typeof(RefsRecord))]
[JsonSerializable(typeof(HandlesRecord))]
[JsonSerializable(typeof(ModulesRecord))]
[JsonSerializable(typeof(WorkQueueRecord))]
[JsonSerializable(typeof(PsRecord))]
[JsonSerializable(typeof(CaptureRecord))]
[JsonSerializable(typeof(CaptureManifestRecord))]
[JsonSerializable(typeof(WatchRecord))]
[JsonSerializable(typeof(TriageRecord))]
[JsonSerializable(typeof(Model.Debugging.ProcessFacts))]
[JsonSerializable(typeof(FlameRecord))]
public sealed partial class CommandJson : JsonSerializerContext;

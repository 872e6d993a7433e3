namespace Holdfast.Commands;

/// <summary>Every command, in the order the help lists them.</summary>
public static class CommandRegistry
{
    public static IReadOnlyList<Command> All { get; } =
    [
        new SummaryCommand(),
        new DiffCommand(),
        new LeaksCommand(),
        new VerifyCommand(),
        new RetainersCommand(),
        new PathsCommand(),
        new DominatorsCommand(),
        new InspectCommand(),
        new StringsCommand(),
        new FindCommand(),
        new CollectionsCommand(),
        new ConvertCommand(),
        new RedactCommand(),
        new PackCommand(),
        new BtCommand(),
        new ThreadsCommand(),
        new SourceCommand(),
        new ObjectsCommand(),
        new InstancesCommand(),
        new ConstructorsCommand(),
        new FunctionsCommand(),
        new PrintCommand(),
        new ClosureCommand(),
        new RefsCommand(),
        new HandlesCommand(),
        new RequestsCommand(),
        new WorkQueueCommand(),
        new ModulesCommand(),
        new EnvCommand(),
        new PsCommand(),
        new CaptureCommand(),
        new WatchCommand(),
        new TriageCommand(),
        new FlameCommand(),
    ];

    /// <summary>Those a shell can be asked.</summary>
    public static IEnumerable<Command> ForShell => All.Where(c => c.IsForShell);
}

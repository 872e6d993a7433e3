using Holdfast.Cli;

return CommandLine.Run(args);

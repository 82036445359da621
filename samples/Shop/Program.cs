using Shop;
using Shop.Running;
using Shop.Serving;
using Shop.Story;

try
{
    return args switch
    {
        ["serve", var service, .. var rest] => await ServeCommand.RunAsync(service, rest),
        ["serve"] =>
            throw new CommandLineException($"serve whom? Say one of: {string.Join(", ", ShopPorts.Services)}."),
        ["orchestrator", .. var rest] => await OrchestratorCommand.RunAsync(rest),
        ["story", .. var rest] => await StoryCommand.RunAsync(rest),
        ["help" or "--help" or "-h", ..] => Usage.Print(),
        _ => await RunCommand.RunAsync(args),
    };
}
catch (CommandLineException problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 2;
}

#pragma warning disable MA0047 // The runtime looks for this very name, outside any namespace.
/// <summary>Runs in every child of ours before its own program does.</summary>
internal static class StartupHook
{
    /// <summary>Called by the runtime.</summary>
    public static void Initialize() => ParentPipe.Watch();
}
#pragma warning restore MA0047

using Orchestrator.Service.Reconciling;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Hosting;

/// <summary>What the program can be asked for by its command line: to serve, or one of a few other things.</summary>
internal static class Commands
{
    /// <summary>The help page.</summary>
    public const string Help = """
        Orchestrator.Service                       serves, until it is stopped; settings below
        Orchestrator.Service ledger reconcile ...  compares a participant's ledger with what it told (--help: how)
        Orchestrator.Service key new NAME [GRANTS] makes an API key and prints what the configuration is told of it

          --urls http://127.0.0.1:5080             where to listen (this is the default)
          --Orchestrator:Data=DIR                  the folder of the database (default: data)
          --Orchestrator:Definitions=DIR           a folder of definition files to store at the start
          --Orchestrator:Engine=embedded|dapr      (default: embedded)

        Each may also come from the environment (Orchestrator__Data) or from appsettings.json beside the program. All
        settings: docs/api.md and docs/operations.md.
        """;

    private const int Wrong = 2;

    private static readonly string[] helps = ["--help", "-h", "-?", "/?", "help"];

    /// <summary>Does what is asked for; the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        switch (args)
        {
            case ["ledger", "reconcile", .. var options]:
                return await ReconcileCommand.RunAsync(options, output, error, CancellationToken.None);
            case ["key", ..]:
                return KeyCommand.Run(args, output, error);
            case var _ when args.Any(helps.Contains):
                await output.WriteLineAsync(Help);
                return 0;
            // A setting is "--name value", "/name value" or "name=value"; a slip in a command's name must not serve.
            case [{ Length: > 0 } word, ..] when word[0] is not ('-' or '/') && !word.Contains('='):
                await error.WriteLineAsync($"\"{word}\" is no command.{Environment.NewLine}{Help}");
                return Wrong;
            default:
                return await ServiceRun.RunAsync(args, error);
        }
    }
}

using Orchestrator.Benchmarks.Load;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>
/// The command <c>expiry</c>: sagas held at one participant expire in the same instant with everybody else dead. From
/// expiry to each undone, and what other sagas at that participant feel of it.
/// </summary>
internal static class ExpiryCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h", ..]) return Usage.Print(Console.Out, 0);
        try
        {
            var options = ExpiryOptions.Read(args);
            return await LoadCommand.RunAsync(async cancel =>
            {
                var figures = await new ExpiryRun(options, Console.Out).RunAsync(cancel);
                Console.Write(figures.ToText());
                return figures.IsClean ? 0 : 1;
            });
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}

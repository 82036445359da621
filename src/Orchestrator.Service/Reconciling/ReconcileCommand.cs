using System.Net.Http.Headers;

namespace Orchestrator.Service.Reconciling;

/// <summary>The command <c>ledger reconcile</c>.</summary>
internal static class ReconcileCommand
{
    private const int Same = 0;
    private const int Differs = 1;
    private const int Misused = 2;

    /// <summary>
    /// Compares and prints. 0: no difference; 1: differences, or it could not be compared; 2: wrong options.
    /// </summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        if (args is ["--help" or "-h", ..])
        {
            await output.WriteLineAsync(ReconcileOptions.Help);
            return Same;
        }

        try
        {
            var report = await RunAsync(ReconcileOptions.Read(args), cancel);
            await output.WriteAsync(report.ToText());
            return report.Differences.Count == 0 ? Same : Differs;
        }
        catch (FormatException e)
        {
            await error.WriteLineAsync(e.Message);
            return Misused;
        }
        catch (ReconcileException e)
        {
            await error.WriteLineAsync(e.Message);
            return Differs;
        }
    }

    private static async Task<ReconcileReport> RunAsync(ReconcileOptions options, CancellationToken cancel)
    {
        using var toOrchestrator = Client(options.Orchestrator, options.OrchestratorToken);
        var orchestrator = new OrchestratorView(
            new JsonPages(toOrchestrator, "The orchestrator", "--orchestrator-token-in"), options.Participant);
        var address = options.Address ?? await orchestrator.AddressAsync(cancel) ?? throw new ReconcileException(
            $"The orchestrator does not call {options.Participant} by an address. Name one with --address.");
        using var toParticipant = Client(
            new Uri(address.ToString().TrimEnd('/') + options.Prefix), options.Token);
        var participant = new ParticipantView(new JsonPages(toParticipant, "The participant", "--token-in"));
        return await new Reconciliation(orchestrator, participant, options, TimeProvider.System).RunAsync(cancel);
    }

    private static HttpClient Client(Uri address, string? token) => new()
    {
        BaseAddress = new Uri(address.ToString().TrimEnd('/') + "/"),
        Timeout = ReconcileLimits.Timeout,
        DefaultRequestHeaders =
        {
            Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token),
        },
    };
}

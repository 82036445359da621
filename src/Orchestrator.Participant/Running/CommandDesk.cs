using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Sql;
using Orchestrator.Participant.Tracing;
using Orchestrator.Participant.Watching;

namespace Orchestrator.Participant.Running;

/// <summary>Runs a command to an answer, whichever way it came and whatever goes wrong.</summary>
internal sealed class CommandDesk(
    CommandRunner runner, LedgerMeter meter, IHostApplicationLifetime lifetime,
    IOptions<SagaParticipantOptions> options, ILogger<CommandDesk> logger)
{
    /// <summary>503: nothing was changed, and nothing could be written.</summary>
    internal static LedgerAnswer Busy { get; } = LedgerAnswer.Problem(503, LedgerState.None, SagaCodes.Busy,
        "The participant's database is busy. Nothing was changed; send it again.");

    /// <summary>503: the ledger is only shown.</summary>
    internal static LedgerAnswer Standby { get; } = LedgerAnswer.Problem(503, LedgerState.None, SagaCodes.Busy,
        "The participant is on standby while its ledger is compared. Nothing was changed; send it again.");

    private static LedgerAnswer Failed { get; } = LedgerAnswer.Problem(500, LedgerState.None, SagaCodes.Failed,
        "The participant failed. Nothing was changed; send the command again. Its log says why.");

    /// <summary>
    /// Runs it. <paramref name="keep" /> writes the answer down in the transaction of the ledger row. A caller that
    /// hangs up does not stop what has begun: it would come again and wait for the same work. Only the host's end does.
    /// </summary>
    internal async Task<LedgerAnswer> AnswerAsync(
        StepHandlers step, LedgerCommand command, IServiceProvider services,
        Func<LedgerWork, LedgerAnswer, Task>? keep = null)
    {
        using var span = StepSpans.Command(command);
        // The business's clock may stand still in a test; how long it took is the machine's to say.
        var since = TimeProvider.System.GetTimestamp();
        var answer = options.Value.Standby ? Standby : await RunAsync(step, command, services, keep);
        meter.Answered(command.Kind, answer, TimeProvider.System.GetElapsedTime(since));
        StepSpans.Answered(span, answer);
        return answer;
    }

    private async Task<LedgerAnswer> RunAsync(
        StepHandlers step, LedgerCommand command, IServiceProvider services,
        Func<LedgerWork, LedgerAnswer, Task>? keep)
    {
        try
        {
            return await runner.RunAsync(step, command, services, keep, lifetime.ApplicationStopped);
        }
        catch (LedgerBusyException busy)
        {
            Log.DatabaseBusy(logger, WireWords.Of(command.Kind), command.SagaId, command.Step, busy);
            return Busy;
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(logger, WireWords.Of(command.Kind), command.SagaId, command.Step, exception);
            return Failed;
        }
    }
}

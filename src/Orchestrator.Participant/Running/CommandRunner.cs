using System.Diagnostics;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Sql;
using Orchestrator.Participant.Watching;

namespace Orchestrator.Participant.Running;

/// <summary>
/// Carries out one command: asks the rules, writes the row, runs the handler, all in one transaction.
/// </summary>
internal sealed class CommandRunner(
    LedgerDatabase database, LedgerTable table, ParticipantClock clock, FailedUndos failedUndos, Alarm alarm,
    IOptions<SagaParticipantOptions> options)
{
    /// <summary>
    /// Runs a command to its answer. What a handler throws comes out, after everything was rolled back.
    /// </summary>
    /// <param name="step">Its handlers.</param>
    /// <param name="command">The command.</param>
    /// <param name="services">Services of this call.</param>
    /// <param name="keep">Writes the answer down in the same transaction; null when nobody has to.</param>
    /// <param name="cancel">The host's end.</param>
    internal async Task<LedgerAnswer> RunAsync(
        StepHandlers step, LedgerCommand command, IServiceProvider services, Func<LedgerWork, LedgerAnswer, Task>? keep,
        CancellationToken cancel)
    {
        LedgerRow? tried = null;
        try
        {
            var (answer, isDiscarded) = await database.RunAsync(
                async work =>
                {
                    tried = null;
                    var decided = await DecideAsync(
                        new Call(work, step, command, services, row => tried = row), cancel);
                    if (keep is not null && !work.IsDiscarded) await keep(work, decided);
                    return (decided, work.IsDiscarded);
                },
                cancel);
            if (keep is not null && isDiscarded) await KeepAsync(keep, answer, cancel);
            if (answer is { State: LedgerState.Held } && command.ExpiresAt is { } expiresAt) alarm.Notice(expiresAt);
            return answer;
        }
        catch (Exception exception) when (tried is not null && exception is not LedgerBusyException)
        {
            await failedUndos.SetAsideAsync(tried.SagaId, tried.Step, exception, cancel);
            throw;
        }
    }

    // Nothing of the command stays, so its answer stands alone: should it be lost, the command comes again and changes
    // nothing again.
    private Task<bool> KeepAsync(
        Func<LedgerWork, LedgerAnswer, Task> keep, LedgerAnswer answer, CancellationToken cancel) =>
        database.RunAsync(
            async work =>
            {
                await keep(work, answer);
                return true;
            },
            cancel);

    private async Task<LedgerAnswer> DecideAsync(Call call, CancellationToken cancel)
    {
        // A do usually finds no row, so its insert is tried before anything is read; the loser of a race reads the
        // winner's row.
        if (call.Command.Kind == CommandKind.Do)
        {
            var first = Decide(null, call.Command);
            if (Inserted(first) is { } row && await table.InsertAsync(call.Work, row))
                return await CarryOutAsync(call, null, first, cancel);
        }

        var found = await table.FindLockedAsync(call.Work, call.Command.SagaId, call.Command.Step);
        var transition = Decide(found, call.Command);
        if (Inserted(transition) is { } added && !await table.InsertAsync(call.Work, added))
            throw new LedgerMovedException(added.SagaId, added.Step);
        return await CarryOutAsync(call, found, transition, cancel);
    }

    private LedgerTransition Decide(LedgerRow? row, LedgerCommand command) =>
        LedgerRules.Decide(row, command, clock.Now(), options.Value.Retention / 2);

    private static LedgerRow? Inserted(LedgerTransition transition) => transition switch
    {
        LedgerTransition.RunDo run => run.Row,
        LedgerTransition.Bar bar => bar.Row,
        _ => null,
    };

    private async Task<LedgerAnswer> CarryOutAsync(
        Call call, LedgerRow? row, LedgerTransition transition, CancellationToken cancel)
    {
        switch (transition)
        {
            case LedgerTransition.Stay stay:
                return stay.Answer;
            case LedgerTransition.Bar bar:
                return bar.Answer;
            case LedgerTransition.RunDo run:
                return await DoAsync(call, run.Row, cancel);
            case LedgerTransition.RunConfirm confirm:
                await LedgerTable.UpdateAsync(call.Work, confirm.Row, row!.State);
                if (call.Handlers.HasConfirm)
                    await call.Handlers.ConfirmAsync(Frame(call), row.Data!.Value, row.Output ?? JsonData.Null, cancel);
                return confirm.Answer;
            case LedgerTransition.RunUndo undo:
                call.Trying(row!);
                await LedgerTable.UpdateAsync(call.Work, undo.Row, row!.State);
                var frame = Frame(call) with
                {
                    WasConfirmed = row.State == LedgerState.Confirmed,
                    ByExpiry = call.Command.Kind != CommandKind.Undo,
                };
                await call.Handlers.UndoAsync(frame, row.Data!.Value, row.Output ?? JsonData.Null, cancel);
                return undo.Answer;
            case LedgerTransition.Extend extend:
                await LedgerTable.UpdateAsync(call.Work, extend.Row, row!.State);
                return extend.Answer;
            default:
                throw new UnreachableException($"Unknown transition {transition.GetType().Name}.");
        }
    }

    private async Task<LedgerAnswer> DoAsync(Call call, LedgerRow row, CancellationToken cancel)
    {
        if (row.Kind == WireKind.Compensatable && !call.Handlers.CanUndo)
            return Malformed(call, $"The action {row.Action} has no undo here, so it cannot be compensatable. "
                + "Define the step as pivot or retriable, or map an undo.");
        await call.Work.SetSavepointAsync();
        var answer = await call.Handlers.DoAsync(Frame(call), row.Data!.Value, cancel);
        switch (answer)
        {
            case DoAnswer.Unreadable unreadable:
                return Malformed(call, unreadable.Text);
            case DoAnswer.Done done:
                await call.Work.ReleaseSavepointAsync();
                var (doneRow, doneAnswer) = LedgerRules.Done(row, done.Output, clock.Now());
                await LedgerTable.UpdateAsync(call.Work, doneRow, row.State);
                return doneAnswer;
            case DoAnswer.Refused refused:
                var (refusedRow, refusedAnswer) = LedgerRules.Refused(row, refused.Text, clock.Now());
                if (refusedRow is null)
                {
                    call.Work.Discard();
                    return refusedAnswer;
                }

                await call.Work.RollBackToSavepointAsync();
                await LedgerTable.UpdateAsync(call.Work, refusedRow, row.State);
                return refusedAnswer;
            default:
                throw new UnreachableException($"Unknown answer {answer.GetType().Name}.");
        }
    }

    private static LedgerAnswer Malformed(Call call, string text)
    {
        call.Work.Discard();
        return LedgerAnswer.Problem(400, LedgerState.None, SagaCodes.Malformed, text);
    }

    private static CallFrame Frame(Call call) => new(
        call.Command.SagaId, call.Command.Step, call.Command.Action, call.Command.Attempt, call.Work.Connection,
        call.Work.Transaction, call.Services);

    /// <summary>One command in one transaction.</summary>
    private sealed record Call(
        LedgerWork Work, StepHandlers Handlers, LedgerCommand Command, IServiceProvider Services,
        Action<LedgerRow> Trying);
}

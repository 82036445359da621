using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contract;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;
using Orchestrator.Participant.Tracing;

namespace Orchestrator.Participant.Watching;

/// <summary>Calls the undo handlers of rows that are due, in the transaction that holds the rows.</summary>
internal sealed class UndoHandlers(StepRegistry steps, IServiceScopeFactory scopes)
{
    internal bool CanUndoMany(string action) => steps.Find(action) is { CanUndoMany: true };

    /// <summary>Undoes one row.</summary>
    internal async Task UndoAsync(LedgerWork work, DueRow due, CancellationToken cancel)
    {
        using var span = StepSpans.Expiry(due.Row, due.Expired, due.Lag);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var (row, output) = (due.Row, due.Row.Output ?? JsonData.Null);
            await steps.Get(row.Action).UndoAsync(
                Frame(work, due, scope.ServiceProvider), row.Data!.Value, output, cancel);
        }
        catch (Exception exception)
        {
            StepSpans.Failed(span, exception.GetType().Name);
            throw;
        }
    }

    /// <summary>Undoes the rows of one action with the handler that takes many.</summary>
    internal async Task UndoManyAsync(
        LedgerWork work, string action, IReadOnlyList<DueRow> many, CancellationToken cancel)
    {
        var spans = many.Select(Begin).ToList();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var undos = many.Select(due => new UndoInput(
                Frame(work, due, scope.ServiceProvider), due.Row.Data!.Value, due.Row.Output ?? JsonData.Null));
            await steps.Get(action).UndoManyAsync([.. undos], cancel);
        }
        catch (Exception exception)
        {
            foreach (var span in spans) StepSpans.Failed(span, exception.GetType().Name);
            throw;
        }
        finally
        {
            foreach (var span in spans) span?.Dispose();
        }
    }

    // They run beside each other: none is the parent of the next.
    private static Activity? Begin(DueRow due)
    {
        var around = Activity.Current;
        var span = StepSpans.Expiry(due.Row, due.Expired, due.Lag);
        Activity.Current = around;
        return span;
    }

    private static CallFrame Frame(LedgerWork work, DueRow due, IServiceProvider services) => new(
        due.Row.SagaId, due.Row.Step, due.Row.Action, due.Expired.Attempts, work.Connection, work.Transaction, services)
    {
        ByExpiry = true,
    };
}

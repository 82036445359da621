using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>What tells the orchestrator which ledger answered, and operators what is in it.</summary>
internal static class LedgerChecks
{
    internal static IEnumerable<Check> Of(OfferedStep step) =>
    [
        new("row-shown", "GET shows the row, and 404 where there is none", "section 5",
            "Operators cannot see what is held; nothing else depends on it.", trial => ShownAsync(trial, step)),
    ];

    /// <summary>Last of all, for it looks at every answer there was.</summary>
    internal static Check OneLedger { get; } = new(
        "ledger-id", "Every answer names the same ledger, a UUID", "section 2, Saga-Ledger",
        "An emptied or another database acknowledges undos of what it never heard of, and nobody notices.",
        OneLedgerAsync)
    {
        Turn = Turn.Last,
    };

    private static async Task ShownAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await key.DoAsync()).Answers(200);
        var row = await key.RowAsync();
        if (row is not { IsThere: true })
        {
            trial.Run.ShowsRows = false;
            throw new NotOfferedException("GET of a row that is held is not answered 200; operators will miss it");
        }

        trial.Run.ShowsRows = true;
        row.IsIn("held");
        await trial.NewSaga(step).RowIsAsync("none");
    }

    private static Task OneLedgerAsync(Trial trial)
    {
        var ledgers = trial.Run.Ledgers;
        if (ledgers.Count == 0)
            throw new NotOfferedException($"no answer carries {SagaHeaders.SagaLedger}: such a participant is believed, and ledger-lost cannot be seen");
        trial.Must($"{SagaHeaders.SagaLedger} of all answers", "one UUID", ledgers.Count == 1
            && Guid.TryParse(ledgers.Keys.Single(), out _), string.Join(", ", ledgers.Keys));
        if (trial.Run.WithoutLedger > 0)
            trial.Run.Advise(
                "ledger-header", $"Every answer should carry {SagaHeaders.SagaLedger}.",
                $"{trial.Run.WithoutLedger} answer{(trial.Run.WithoutLedger == 1 ? "" : "s")} did not");
        return Task.CompletedTask;
    }
}

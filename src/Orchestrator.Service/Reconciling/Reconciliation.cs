using System.Collections.Concurrent;

namespace Orchestrator.Service.Reconciling;

/// <summary>Compares a whole ledger, both ways: what was told with the rows, and the rows with what was told.</summary>
internal sealed class Reconciliation(
    OrchestratorView orchestrator, ParticipantView participant, ReconcileOptions options, TimeProvider clock)
{
    public async Task<ReconcileReport> RunAsync(CancellationToken cancel)
    {
        // The rows first: what the ledger does meanwhile the orchestrator hears of, not the other way round.
        var rows = await participant.AllAsync(cancel);
        var sagas = await orchestrator.SagasAsync(options.From, cancel);
        var report = new Lines();
        await Parallel.ForEachAsync(
            sagas,
            new ParallelOptions { MaxDegreeOfParallelism = ReconcileLimits.AtOnce, CancellationToken = cancel },
            async (sagaId, stop) => await CompareAsync(sagaId, rows, report, stop));
        IEnumerable<RowSeen> listed = rows is null ? [] : rows.Values;
        foreach (var row in listed)
            if (!report.Keys.ContainsKey((row.SagaId, row.Key)))
                await CompareUntoldAsync(row, report, cancel);
        var differences = report.Differences
            .OrderBy(one => one.SagaId, StringComparer.Ordinal).ThenBy(one => one.Key, StringComparer.Ordinal);
        return new ReconcileReport(sagas.Count, report.Keys.Count, rows?.Count, [.. differences]);
    }

    private async Task CompareAsync(
        string sagaId, Dictionary<(string SagaId, string Key), RowSeen>? rows, Lines report, CancellationToken cancel)
    {
        if (await orchestrator.FindAsync(sagaId, cancel) is not { } saga) return;
        foreach (var told in saga.Steps)
        {
            report.Keys[(sagaId, told.Key)] = true;
            var row = rows is null
                ? await participant.FindAsync(sagaId, told.Key, cancel)
                : rows.GetValueOrDefault((sagaId, told.Key));
            if (Comparison.Of(saga, told, row, options.Retention, clock.GetUtcNow()) is not { } difference) continue;
            // Something may have moved between the two looks: only what still differs is told.
            var again = await participant.FindAsync(sagaId, told.Key, cancel);
            var toldNow = await orchestrator.FindAsync(sagaId, cancel);
            if (toldNow?.Steps.FirstOrDefault(step => step.Key == told.Key) is { } now)
                difference = Comparison.Of(toldNow, now, again is null ? null : again with { IsEnded = row?.IsEnded },
                    options.Retention, clock.GetUtcNow());
            if (difference is not null) report.Differences.Add(difference);
        }
    }

    /// <summary>A row of a saga that the orchestrator did not list, or of a step it sent nothing for.</summary>
    private async Task CompareUntoldAsync(RowSeen row, Lines report, CancellationToken cancel)
    {
        var saga = await orchestrator.FindAsync(row.SagaId, cancel);
        if (saga is null)
        {
            if (Comparison.OfUnknown(row) is { } unknown) report.Differences.Add(unknown);
            return;
        }

        // It started before the sagas that were asked for.
        var told = saga.Steps.FirstOrDefault(step => step.Key == row.Key) ?? new ToldStep(row.SagaId, row.Key, "");
        var difference = Comparison.Of(saga, told, row, options.Retention, clock.GetUtcNow());
        if (difference is not null) report.Differences.Add(difference);
    }

    private sealed class Lines
    {
        public ConcurrentDictionary<(string SagaId, string Key), bool> Keys { get; } = new();

        public ConcurrentBag<Difference> Differences { get; } = [];
    }
}

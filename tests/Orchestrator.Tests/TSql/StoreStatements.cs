using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage;
using Orchestrator.Storage.Servers;
using Orchestrator.Storage.SqlServer;
using Orchestrator.Tests.Storage;

namespace Orchestrator.Tests.TSql;

/// <summary>Everything the engine's store can be asked for, on a server that answers a row of each kind.</summary>
internal sealed class StoreStatements : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider services;

    private StoreStatements(Recording recording) => services = new ServiceCollection()
        .AddServerStore(new SqlServerDialect(
            new ServerStorageOptions { ConnectionString = "Server=db;Database=sagas;User Id=me;Password=hush" },
            text => recording.Connect(text)))
        .BuildServiceProvider();

    private ISagaStore Store => services.GetRequiredService<ISagaStore>();

    private ISagaQueries Queries => services.GetRequiredService<ISagaQueries>();

    /// <summary>A server with an empty database, which answers rows so that what follows on them is asked.</summary>
    public static Recording Server() => new Recording()
        .Answer("FROM sys.databases", new { Name = "sagas", Level = 130, KeepsVersions = 1 })
        .Answer("FROM schema_version;", new { Version = 0 })
        .Answer("AS LastNumber, @commits", new { Token = 1L, LastNumber = -1L, Commits = 0L })
        .Answer("SELECT @last;", new { No = 9L })
        .Answer("COUNT(*) FROM outbox", new { Count = 0 })
        .Answer("FROM sagas WHERE ended_at IS NULL", new
        {
            Live = 0L,
            Stuck = 0L,
            InDoubt = 0L,
            Overdue = 0L,
            Suspended = 0L,
            OldestStuck = (long?)null,
            OldestOverdue = (long?)null,
        })
        .Answer("AS Least", new { Least = 1L, Most = 9L })
        .Answer("COUNT(*) AS BIGINT) FROM alert_news", new { Count = 0L })
        .Answer("AS CatalogNumber", new { LastNumber = 1L, CatalogNumber = 1L, Unowned = 0 })
        .Answer("AS Change", new { Change = 1L, No = 1L, Id = "one", Definition = "d" })
        .Answer("AS AlertSaga", new { AlertSaga = "one", AlertFor = 0, RaisedAt = 0L, No = 1L, Id = "one" })
        .Answer("FROM batches b WHERE", new
        {
            Id = "b",
            Verb = "cancel",
            Args = "{}",
            Wanted = "{}",
            Actor = "ann",
            Reason = "because",
            State = 0,
            CreatedAt = 0L,
            EndedAt = (long?)null,
            Owner = 1L,
            Waiting = 1L,
        });

    /// <summary>Sends everything.</summary>
    public static async Task SendAllAsync(Recording recording)
    {
        await using var all = new StoreStatements(recording);
        await all.Store.OpenAsync(CancellationToken.None);
        await all.SendStoreAsync();
        await all.SendQueriesAsync();
        foreach (var filter in SagaFilters.Pairs()) await all.Queries.ListAsync(filter, CancellationToken.None);
        await all.SendHousekeepingAsync();
        await all.SendBatchesAsync();
        await all.SendAlertsAsync();
        await all.SendSharedAsync();
        foreach (var filter in SagaFilters.Audits())
            await all.services.GetRequiredService<IAuditQueries>().ListAsync(filter, CancellationToken.None);
    }

    /// <summary>A commit that has everything a commit can have.</summary>
    public static StoreCommit WholeCommit()
    {
        var number = 0L;
        var commit = new StoreCommit { EndingsToldUpTo = 1, AuditsOutUpTo = 1, AlertsToldUpTo = 1 };
        var saga = new SagaScript("one", () => ++number)
            .With(it => it with { BusinessKey = "k", Reason = new SagaReason("failed", "It broke.", "p") })
            .Start(commit, "[a]", ("color", "red"))
            .End(commit, SagaPhase.Completed);
        commit.Rewrites.Add(saga.No);
        commit.Starts.Add(new StoredStart(new StartKey("d", "k"), new byte[] { 1 }, "one"));
        commit.Endings.Add(new EndingRow(saga.No, "one", SagaOutcome.Completed, ["p"]));
        commit.Cursors.Add(new EndingCursor("p", 1));
        commit.Purges.Add("two");
        commit.Definitions.Add(new DefinitionRow("d", 1, "{}", Now, "ann"));
        commit.Participants.Add(new ParticipantEntry("p", new Uri("http://127.0.0.1:1"), null, false, 7, true));
        commit.Outbox.Add(new OutboxRow("o", "t", "one", "saga.started", JsonData.Null, null, Now));
        commit.OutboxSent.Add(1);
        commit.Audits.Add(
            new AuditRow { At = Now, Actor = "ann", Verb = "cancel", Kind = AuditKind.Saga, Target = "one" });
        var batch = new BatchRow
        {
            Id = "b",
            Verb = "cancel",
            Args = "{}",
            Filter = "{}",
            Actor = "ann",
            CreatedAt = Now,
        };
        commit.Batches.New.Add((batch, ["one"]));
        commit.Batches.Answers.Add(new BatchAnswer("b", "one", BatchFate.Accepted, null, null, Now));
        commit.Batches.Ends.Add(("b", BatchState.Done, Now));
        commit.Batches.Purges.Add("c");
        commit.Alerts.Add(Alert(isCleared: false));
        commit.Alerts.Add(Alert(isCleared: true));
        commit.AlertCursors.Add(new AlertCursor("ops", 1, Now, null, null));
        commit.Number = number;
        return commit;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static AlertRow Alert(bool isCleared) => new(
        "one", AlertReason.Stuck, isCleared, Now,
        new AlertNews(0, "n", AlertReason.Stuck, isCleared, Now, JsonData.Null));

    private async Task SendStoreAsync()
    {
        await foreach (var unused in Store.LoadLiveAsync(CancellationToken.None)) _ = unused;
        await Store.ReadAsync("one", CancellationToken.None);
        foreach (var count in new[] { 1, 2, 3, StorageLimits.MaxKeysPerQuery + 1 })
        {
            var keys = Enumerable.Range(0, count).Select(n => new StartKey("d", $"k{n}")).ToList();
            await Store.FindStartsAsync(keys, CancellationToken.None);
        }

        await Store.CommitAsync(WholeCommit(), CancellationToken.None);
        await Store.CommitAsync(new StoreCommit { Base = 9, Number = 10 }, CancellationToken.None);
    }

    private async Task SendQueriesAsync()
    {
        await Queries.CountAsync(CancellationToken.None);
        await Queries.AttentionAsync(Now, CancellationToken.None);
        await Queries.CountVersionsAsync("d", CancellationToken.None);
        await Queries.HistoryAsync("one", CancellationToken.None);
        await Queries.ChangesAsync(0, null, 9, CancellationToken.None);
        await Queries.ChangesAsync(0, "one", 9, CancellationToken.None);
        await Queries.CountMinutesAsync(Now, CancellationToken.None);
        await Queries.FindStartAsync(new StartKey("d", "k"), CancellationToken.None);
    }

    private async Task SendHousekeepingAsync()
    {
        var housekeeping = services.GetRequiredService<IHousekeepingStore>();
        await housekeeping.LoadCatalogAsync(CancellationToken.None);
        await housekeeping.ReadEndingsAsync(0, 9, CancellationToken.None);
        await housekeeping.ReadCursorsAsync(CancellationToken.None);
        await housekeeping.FindEndedAsync(SagaOutcome.Completed, Now, 9, CancellationToken.None);
        await housekeeping.ReadOutboxAsync(0, 9, CancellationToken.None);
        await services.GetRequiredService<IAuditQueries>().FindOldAsync(Now, 9, 9, CancellationToken.None);
    }

    private async Task SendBatchesAsync()
    {
        var queries = services.GetRequiredService<IBatchQueries>();
        foreach (var actor in new[] { null, "ann" })
            foreach (var cursor in new[] { null, "b" })
                await queries.ListAsync(actor, cursor, 9, CancellationToken.None);
        await queries.FindAsync("b", CancellationToken.None);
        foreach (var fate in new BatchFate?[] { null, BatchFate.Failed })
            await queries.AnswersAsync("b", fate, null, 9, CancellationToken.None);
        await queries.SagasAsync(Ids(StorageLimits.MaxSagasPerQuery + 1), CancellationToken.None);
        var store = services.GetRequiredService<IBatchStore>();
        await store.RunningAsync(CancellationToken.None);
        await store.NextAsync("b", "", 9, CancellationToken.None);
        await store.FindOldAsync(Now, 9, CancellationToken.None);
    }

    private async Task SendAlertsAsync()
    {
        var alerts = services.GetRequiredService<IAlertStore>();
        await alerts.ScanAsync(Now, 9, CancellationToken.None);
        await alerts.ReadAsync(0, 9, CancellationToken.None);
        await alerts.ReadCursorsAsync(CancellationToken.None);
        await alerts.CountAsync(0, Enum.GetValues<AlertReason>(), CancellationToken.None);
    }

    private async Task SendSharedAsync()
    {
        var shared = services.GetRequiredService<ISharedStore>();
        await shared.BeatAsync(new OwnerCard(new Uri("http://one:5080"), 1), CancellationToken.None);
        await shared.ClaimAsync([new OwnerBeat(2, 3, 0, null)], CancellationToken.None);
        await shared.LoadAsync([.. Enumerable.Range(0, 501).Select(n => (long)n)], CancellationToken.None);
        await shared.FindOwnerAsync("one", CancellationToken.None);
    }

    private static List<string> Ids(int count) => [.. Enumerable.Range(0, count).Select(n => $"s{n}")];
}

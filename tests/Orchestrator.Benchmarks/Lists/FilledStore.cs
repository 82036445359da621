using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage;

namespace Orchestrator.Benchmarks.Lists;

/// <summary>
/// A store filled through its port with sagas in every phase; live ones lie among the newest and, a fifth, anywhere.
/// </summary>
internal sealed class FilledStore : IAsyncDisposable
{
    public const int Definitions = 10;

    public static readonly DateTimeOffset FirstAt = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int PerCommit = 1000;

    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(100);

    private static readonly SagaPhase[] Live =
        [SagaPhase.Doing, SagaPhase.Doing, SagaPhase.Confirming, SagaPhase.Finishing, SagaPhase.Compensating];

    private readonly ServiceProvider services;
    private readonly int finished;
    private readonly int live;

    private FilledStore(ServiceProvider services, int finished, int live)
    {
        this.services = services;
        this.finished = finished;
        this.live = live;
    }

    public ISagaQueries Queries => services.GetRequiredService<ISagaQueries>();

    public IAlertStore Alerts => services.GetRequiredService<IAlertStore>();

    public int Sagas => finished + live;

    /// <summary>When the newest started; a third of the live ones are overdue then.</summary>
    public DateTimeOffset LastAt => FirstAt + (Sagas * Apart);

    public static async Task<FilledStore> FillAsync(string folder, int finished, int live, CancellationToken cancel)
    {
        var filled = new FilledStore(
            new ServiceCollection()
                .AddSqliteStorage(new SqliteStorageOptions { DataFolder = folder }).BuildServiceProvider(),
            finished,
            live);
        var store = filled.services.GetRequiredService<ISagaStore>();
        await store.OpenAsync(cancel);
        var commit = new StoreCommit();
        for (var n = 0; n < filled.Sagas;)
        {
            commit.Clear();
            for (; n < filled.Sagas && commit.NewSagas.Count < PerCommit; n++) filled.Add(commit, n);
            commit.Number = commit.Turns[^1].No;
            await store.CommitAsync(commit, cancel);
        }

        return filled;
    }

    /// <summary>Stores its definitions by their names alone, for what looks for sagas by them.</summary>
    public Task DefineAsync(CancellationToken cancel)
    {
        var commit = new StoreCommit { Number = (Sagas + 1) * 10L };
        for (var i = 0; i < Definitions; i++)
            commit.Definitions.Add(new DefinitionRow($"definition-{i}", 1, "{}", FirstAt, null));
        return services.GetRequiredService<ISagaStore>().CommitAsync(commit, cancel);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private void Add(StoreCommit commit, int n)
    {
        var no = (n + 1) * 10L;
        commit.NewSagas.Add(new SagaRow(no, Saga(n)));
        commit.Turns.Add(new TurnRow(no, no, 0, 1, "[]"u8.ToArray()));
    }

    private SagaSummary Saga(int n)
    {
        var startedAt = FirstAt + (n * Apart);
        var phase = PhaseOf(n);
        var hasEnded = phase is SagaPhase.Completed or SagaPhase.Compensated;
        return new SagaSummary
        {
            Id = n.ToString("x32", CultureInfo.InvariantCulture),
            Definition = $"definition-{n % Definitions}",
            DefinitionVersion = 1,
            Phase = phase,
            Outcome = phase == SagaPhase.Completed ? SagaOutcome.Completed
                : phase == SagaPhase.Compensated ? SagaOutcome.Compensated : null,
            Stuck = !hasEnded && n % 50 == 0,
            Reason = phase is SagaPhase.Compensated or SagaPhase.Compensating
                ? new SagaReason(ReasonCodes.Refused, "Step reserve-stock was refused: Only 0 pieces of A1 are left.", "inventory")
                : null,
            StartedAt = startedAt,
            ExpiresAt = n % 3 == 0 ? startedAt + Apart : startedAt.AddDays(1),
            EndedAt = hasEnded ? startedAt + Apart : null,
            BusinessKey = $"order-{n / 2}",
            Tags = TagsOf(n),
        };
    }

    private SagaPhase PhaseOf(int n)
    {
        // Of the live ones four fifths are the newest, the others are spread evenly over all the rest.
        var newest = live * 4 / 5;
        var spread = Math.Max(1, (Sagas - newest) / Math.Max(1, live - newest));
        if (live > 0 && (n >= Sagas - newest || n % spread == 0)) return Live[n / 7 % Live.Length];
        return n % 10 == 3 ? SagaPhase.Compensated : SagaPhase.Completed;
    }

    private static ImmutableSortedDictionary<string, string> TagsOf(int n)
    {
        var tags = ImmutableSortedDictionary<string, string>.Empty.Add("region", n % 3 == 0 ? "us" : "eu");
        return n % 1000 == 0 ? tags.Add("vip", "yes") : tags;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage;

namespace Orchestrator.Tests.Storage;

/// <summary>
/// How SQLite carries out the lists. A list reads as many index entries as the filter finds, or walks the sagas from
/// the newest on until its page is full; it never reads a whole table to sort it or to throw most of it away.
/// </summary>
public sealed class QueryPlanTests : IAsyncLifetime
{
    private const string Walk = "SCAN s";

    private static readonly SqlWords Words = new("", "LIMIT @limit", "+");

    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("plans-").FullName;
    private ServiceProvider services = null!;

    /// <summary>Filters that leave few sagas, each with the index that finds them.</summary>
    public static TheoryData<string, string> Found { get; } = new()
    {
        { "definition", "sagas_definition (definition=?)" },
        { "doing", "sagas_live (phase=?)" },
        { "compensating", "sagas_live (phase=?)" },
        { "compensated", "sagas_ended (phase=?)" },
        { "stuck", "sagas_stuck (stuck=?)" },
        { "overdue", "sagas_live (phase=? AND expires_at<?)" },
        { "key", "sagas_business_key (business_key=?)" },
        { "tag", "PRIMARY KEY (name=? AND value=?)" },
        { "two tags", "PRIMARY KEY (name=? AND value=?)" },
        { "tag and completed", "PRIMARY KEY (name=? AND value=?)" },
        { "tag and definition", "sagas_definition (definition=?)" },
        { "tag and key", "sagas_business_key (business_key=?)" },
        { "tag and cursor", "PRIMARY KEY (name=? AND value=? AND saga<?)" },
        { "definition and completed", "sagas_definition (definition=?)" },
        { "definition and doing", "sagas_live (phase=?)" },
        { "definition and overdue", "sagas_live (phase=? AND expires_at<?)" },
        { "cursor", "INTEGER PRIMARY KEY (rowid<?)" },
        { "cursor and completed", "INTEGER PRIMARY KEY (rowid<?)" },
    };

    private static Dictionary<string, SagaFilter> Filters { get; } = new()
    {
        ["nothing"] = new SagaFilter(),
        ["completed"] = new SagaFilter { Outcome = SagaOutcome.Completed },
        ["not stuck"] = new SagaFilter { Stuck = false },
        ["not overdue"] = new SagaFilter { Overdue = false, Now = Noon },
        ["from and to"] = new SagaFilter { From = Noon, To = Noon.AddHours(1) },
        ["definition"] = new SagaFilter { Definition = "d1" },
        ["doing"] = new SagaFilter { Phase = SagaPhase.Doing },
        ["compensating"] = new SagaFilter { Phase = SagaPhase.Compensating },
        ["compensated"] = new SagaFilter { Outcome = SagaOutcome.Compensated },
        ["stuck"] = new SagaFilter { Stuck = true },
        ["overdue"] = new SagaFilter { Overdue = true, Now = Noon.AddHours(1) },
        ["key"] = new SagaFilter { BusinessKey = "k7" },
        ["tag"] = new SagaFilter { Tags = Tags("even") },
        ["two tags"] = new SagaFilter { Tags = Tags("even", "third") },
        ["tag and completed"] = new SagaFilter { Tags = Tags("even"), Phase = SagaPhase.Completed },
        ["tag and definition"] = new SagaFilter { Tags = Tags("even"), Definition = "d1" },
        ["tag and key"] = new SagaFilter { Tags = Tags("even"), BusinessKey = "k8" },
        ["tag and cursor"] = new SagaFilter { Tags = Tags("even"), Cursor = "100" },
        ["definition and completed"] = new SagaFilter { Definition = "d1", Outcome = SagaOutcome.Completed },
        ["definition and doing"] = new SagaFilter { Definition = "d1", Phase = SagaPhase.Doing },
        ["definition and overdue"] = new SagaFilter { Definition = "d1", Overdue = true, Now = Noon.AddHours(1) },
        ["cursor"] = new SagaFilter { Cursor = "100" },
        ["cursor and completed"] = new SagaFilter { Cursor = "100", Outcome = SagaOutcome.Completed },
    };

    public async Task InitializeAsync()
    {
        services = new ServiceCollection()
            .AddSqliteStorage(new SqliteStorageOptions { DataFolder = folder }).BuildServiceProvider();
        var store = services.GetRequiredService<ISagaStore>();
        await store.OpenAsync(CancellationToken.None);
        var commit = new StoreCommit();
        for (var n = 1; n <= 200; n++) Add(commit, n);
        commit.Number = commit.Turns[^1].No;
        await store.CommitAsync(commit, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await services.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Found))]
    public async Task A_filter_that_leaves_few_sagas_finds_them_by_an_index(string filter, string index)
    {
        var plan = await PlanAsync(Filters[filter]);

        plan.Should().Contain(step => step.EndsWith(index, StringComparison.Ordinal));
        plan.Should().NotContain(step => step.StartsWith("SCAN", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("completed")]
    [InlineData("not stuck")]
    [InlineData("not overdue")]
    [InlineData("from and to")]
    public async Task A_filter_that_leaves_most_sagas_walks_them_from_the_newest_on_and_sorts_nothing(string filter)
    {
        var plan = await PlanAsync(Filters[filter]);

        plan.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal)).Should().Equal(Walk);
        plan.Should().NotContain(step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_counts_read_indexes_only()
    {
        var plan = await PlanAsync(SqlSagaQueries.CountSql(Words), new DynamicParameters());

        plan.Should().Contain("SEARCH sagas USING INDEX sagas_live (phase=?)");
        plan.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal))
            .Should().Equal("SCAN sagas USING COVERING INDEX sagas_ended");
    }

    [Fact]
    public async Task The_minutes_read_what_ended_since_and_what_runs_and_nothing_else()
    {
        var parameters = new DynamicParameters(new { since = 0 });
        string[] sagas =
        [
            .. await PlanAsync(MinuteData.EndedSql, parameters), .. await PlanAsync(MinuteData.StartedSql, parameters),
        ];

        sagas.Where(step => step.StartsWith("SEARCH", StringComparison.Ordinal)).Should().Equal(
            "SEARCH s USING COVERING INDEX sagas_ended (phase=? AND definition=? AND ended_at>?)",
            "SEARCH s USING COVERING INDEX sagas_ended (phase=? AND definition=? AND ended_at>?)",
            "SEARCH sagas USING INDEX sagas_live (phase=?)");
        sagas.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal))
            .Should().NotContain(step => step.Contains("sagas", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_filter_shows_the_same_sagas_as_picking_them_by_hand()
    {
        var queries = services.GetRequiredService<ISagaQueries>();
        var commit = new StoreCommit();
        for (var n = 200; n >= 1; n--) Add(commit, n);
        foreach (var (name, filter) in Filters)
        {
            var page = await queries.ListAsync(filter with { Limit = 500 }, CancellationToken.None);

            page.Items.Select(saga => saga.Id).Should().Equal(
                commit.NewSagas.Where(row => Fits(row, filter)).Select(row => row.Saga.Id), "that is what {0} shows", name);
        }
    }

    private Task<List<string>> PlanAsync(SagaFilter filter)
    {
        var query = new ListQuery(filter, Words);
        return PlanAsync(query.Sql, query.Parameters);
    }

    private async Task<List<string>> PlanAsync(string sql, DynamicParameters parameters)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(folder, "orchestrator.db")};Mode=ReadOnly;Pooling=False");
        var steps = await connection.QueryAsync<(long Id, long Parent, long Unused, string Detail)>(
            "EXPLAIN QUERY PLAN " + sql, parameters);
        return [.. steps.Select(step => step.Detail)];
    }

    private static bool Fits(SagaRow row, SagaFilter filter)
    {
        var saga = row.Saga;
        var isOverdue = saga.EndedAt is null && saga.ExpiresAt <= filter.Now
            && saga.Phase is SagaPhase.Doing or SagaPhase.Confirming or SagaPhase.Compensating;
        return (filter.Definition is null || saga.Definition == filter.Definition)
            && (filter.Phase is null || saga.Phase == filter.Phase)
            && (filter.Outcome is null || saga.Outcome == filter.Outcome)
            && (filter.Stuck is null || saga.Stuck == filter.Stuck)
            && (filter.Overdue is null || isOverdue == filter.Overdue)
            && (filter.BusinessKey is null || saga.BusinessKey == filter.BusinessKey)
            && (filter.From is null || saga.StartedAt >= filter.From)
            && (filter.To is null || saga.StartedAt < filter.To)
            && (filter.Cursor is null || row.No < int.Parse(filter.Cursor, CultureInfo.InvariantCulture))
            && filter.Tags.All(saga.Tags.Contains);
    }

    /// <summary>Most are completed; of the others there is some of everything, in no order.</summary>
    private static void Add(StoreCommit commit, int n)
    {
        var phase = (n % 10) switch
        {
            0 => SagaPhase.Doing,
            4 => SagaPhase.Compensating,
            7 => SagaPhase.Finishing,
            1 or 2 => SagaPhase.Compensated,
            _ => SagaPhase.Completed,
        };
        commit.NewSagas.Add(new SagaRow(n, new SagaSummary
        {
            Id = $"s{n}",
            Definition = $"d{n % 3}",
            DefinitionVersion = 1,
            Phase = phase,
            Outcome = phase switch
            {
                SagaPhase.Completed => SagaOutcome.Completed,
                SagaPhase.Compensated => SagaOutcome.Compensated,
                _ => null,
            },
            Stuck = n % 20 == 4,
            StartedAt = Noon.AddMinutes(n - 100),
            ExpiresAt = Noon.AddMinutes(n - 90),
            EndedAt = phase is SagaPhase.Completed or SagaPhase.Compensated ? Noon.AddMinutes(n - 95) : null,
            BusinessKey = $"k{n % 9}",
            Tags = n % 6 == 0 ? Tags("even", "third") : n % 2 == 0 ? Tags("even") : Tags(),
        }));
        commit.Turns.Add(new TurnRow(n, n, 0, 1, "[]"u8.ToArray()));
    }

    private static ImmutableSortedDictionary<string, string> Tags(params string[] names) =>
        names.ToImmutableSortedDictionary(name => name, _ => "yes");
}

using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Storage;

/// <summary>The ports of one opened store.</summary>
public sealed record StoreUnderTest(
    ISagaStore Store, ISagaQueries Queries, IHousekeepingStore Housekeeping, BatchPorts Batches, Func<ValueTask> Close)
    : IAsyncDisposable
{
    public required IAlertStore Alerts { get; init; }

    /// <summary>Null where one engine has the whole store.</summary>
    public ISharedStore? Shared { get; init; }

    public ValueTask DisposeAsync() => Close();
}

/// <summary>The ports of batches and of the audit list.</summary>
public sealed record BatchPorts(IBatchQueries Queries, IBatchStore Store, IAuditQueries Audit)
{
    internal static BatchPorts Of(IServiceProvider services) => new(
        services.GetRequiredService<IBatchQueries>(),
        services.GetRequiredService<IBatchStore>(),
        services.GetRequiredService<IAuditQueries>());
}

/// <summary>Writes the rows of one saga into commits.</summary>
internal sealed class SagaScript(string id, Func<long> next)
{
    private static readonly DateTimeOffset StartedAt = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private SagaSummary summary = new()
    {
        Id = id,
        Definition = "d",
        DefinitionVersion = 1,
        Phase = SagaPhase.Doing,
        StartedAt = StartedAt,
        ExpiresAt = StartedAt.AddMinutes(10),
    };

    public string Id => id;

    public long No { get; private set; }

    /// <summary>Other columns than the usual ones.</summary>
    public SagaScript With(Func<SagaSummary, SagaSummary> change)
    {
        summary = change(summary);
        return this;
    }

    public SagaScript Start(StoreCommit commit, string body, params (string Name, string Value)[] tags)
    {
        No = next();
        summary = summary with { Tags = tags.ToImmutableSortedDictionary(tag => tag.Name, tag => tag.Value) };
        commit.NewSagas.Add(new SagaRow(No, summary));
        commit.Turns.Add(new TurnRow(No, No, 0, 1, Encoding.UTF8.GetBytes(body)));
        return this;
    }

    public SagaScript Turn(StoreCommit commit, int seq, string body)
    {
        commit.Turns.Add(new TurnRow(next(), No, seq, 1, Encoding.UTF8.GetBytes(body)));
        return this;
    }

    public SagaScript Change(StoreCommit commit, Func<SagaSummary, SagaSummary> change)
    {
        summary = change(summary);
        commit.ChangedSagas.Add(new SagaRow(No, summary));
        return this;
    }

    public SagaScript End(StoreCommit commit, SagaPhase phase, DateTimeOffset? at = null) =>
        Change(commit, before => before with { Phase = phase, EndedAt = at ?? StartedAt.AddSeconds(5) });
}

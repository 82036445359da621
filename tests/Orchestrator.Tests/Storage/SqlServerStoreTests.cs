using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Databases;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Tests.Storage;

/// <summary>The contract on the SQL Server that the environment names.</summary>
[NeedsSqlServer]
public sealed class SqlServerStoreTests : ServerStoreContract
{
    private SqlServerDatabase database = null!;

    [DatabaseFact]
    public async Task A_key_that_is_too_long_is_refused_and_not_cut()
    {
        var key = new string('k', StorageLimits.MaxKeyLength + 1);

        await FluentActions.Awaiting(() => CommitAsync(commit =>
            Begin("one").With(saga => saga with { BusinessKey = key }).Start(commit, "[a]")))
            .Should().ThrowAsync<StoreConflictException>();
    }

    protected override StoreUnderTest Make()
    {
        database ??= SqlServerDatabase.Create();
        return StoreOf(new ServiceCollection().AddSqlServerStorage(
            new ServerStorageOptions { ConnectionString = database.ConnectionString }));
    }

    protected override ValueTask DropAsync() => database.DisposeAsync();
}

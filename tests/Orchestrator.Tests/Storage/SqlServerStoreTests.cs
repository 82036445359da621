using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Databases;
using Orchestrator.Storage;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Tests.Storage;

/// <summary>The contract on the SQL Server that the environment names.</summary>
[NeedsSqlServer]
public sealed class SqlServerStoreTests : ServerStoreContract
{
    private SqlServerDatabase database = null!;

    protected override StoreUnderTest Make()
    {
        database ??= SqlServerDatabase.CreateAsync().GetAwaiter().GetResult();
        return StoreOf(new ServiceCollection().AddSqlServerStorage(
            new ServerStorageOptions { ConnectionString = database.ConnectionString }));
    }

    protected override ValueTask DropAsync() => database.DisposeAsync();
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Sqlite;

namespace Orchestrator.Storage;

/// <summary>Wires the SQLite storage.</summary>
public static class SqliteStorageExtensions
{
    /// <summary>
    /// Adds the ports of the store on one SQLite file: <see cref="ISagaStore" />, <see cref="ISagaQueries" /> and
    /// <see cref="IHousekeepingStore" />. Throws <see cref="ArgumentException" /> when the folder is not named.
    /// </summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, SqliteStorageOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataFolder))
            throw new ArgumentException(
                "Orchestrator:Data names no folder. Name one, for instance --Orchestrator:Data=data.", nameof(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ISqlDialect>(provider =>
            new SqliteDialect(options, provider.GetRequiredService<TimeProvider>()));
        return services.AddSqlStore();
    }
}

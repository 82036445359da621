using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Postgres;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Storage;

/// <summary>Wires the PostgreSQL storage.</summary>
public static class PostgresStorageExtensions
{
    /// <summary>
    /// Adds the ports of the store on one PostgreSQL database: <see cref="ISagaStore" />, <see cref="ISagaQueries" />
    /// and <see cref="IHousekeepingStore" />. Several engines may share it. Throws <see cref="ArgumentException" /> for
    /// a connection string that is none.
    /// </summary>
    public static IServiceCollection AddPostgresStorage(this IServiceCollection services, ServerStorageOptions options)
    {
        var dialect = new PostgresDialect(options);
        return services.AddServerStore(dialect);
    }
}

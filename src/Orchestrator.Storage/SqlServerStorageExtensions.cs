using Microsoft.Data.SqlClient;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Servers;
using Orchestrator.Storage.SqlServer;

namespace Orchestrator.Storage;

/// <summary>Wires the SQL Server storage.</summary>
public static class SqlServerStorageExtensions
{
    /// <summary>
    /// Adds the ports of the store on one SQL Server database: <see cref="ISagaStore" />, <see cref="ISagaQueries" />
    /// and <see cref="IHousekeepingStore" />. Several engines may share it. Throws <see cref="ArgumentException" /> for
    /// a connection string that is none.
    /// </summary>
    public static IServiceCollection AddSqlServerStorage(this IServiceCollection services, ServerStorageOptions options)
    {
        var dialect = new SqlServerDialect(options, text => new SqlConnection(text));
        return services.AddServerStore(dialect);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>Wires what every database has in common.</summary>
internal static class SqlStoreExtensions
{
    /// <summary>Adds the ports of the store on the dialect added beside them.</summary>
    public static IServiceCollection AddSqlStore(this IServiceCollection services)
    {
        services.AddSingleton<StoreOwner>();
        services.AddSingleton<ISagaStore, SqlSagaStore>();
        services.AddSingleton<ISagaQueries, SqlSagaQueries>();
        services.AddSingleton<IHousekeepingStore, SqlHousekeeping>();
        return services;
    }
}

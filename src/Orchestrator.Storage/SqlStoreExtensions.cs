using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Storage;

/// <summary>Wires what every database has in common.</summary>
internal static class SqlStoreExtensions
{
    /// <summary>Adds the ports of a store that several engines may share.</summary>
    public static IServiceCollection AddServerStore(this IServiceCollection services, IServerDialect dialect)
    {
        services.AddSingleton<ISqlDialect>(_ => dialect);
        services.AddSingleton(_ => dialect);
        services.AddSingleton<ISharedStore, SqlSharedStore>();
        return services.AddSqlStore();
    }

    /// <summary>Adds the ports of the store on the dialect added beside them.</summary>
    public static IServiceCollection AddSqlStore(this IServiceCollection services)
    {
        services.AddSingleton<StoreOwner>();
        services.AddSingleton<ISagaStore, SqlSagaStore>();
        services.AddSingleton<ISagaQueries, SqlSagaQueries>();
        services.AddSingleton<IHousekeepingStore, SqlHousekeeping>();
        services.AddSingleton<IBatchQueries, SqlBatchQueries>();
        services.AddSingleton<IBatchStore, SqlBatchStore>();
        services.AddSingleton<IAuditQueries, SqlAuditQueries>();
        services.AddSingleton<IAlertStore, SqlAlertStore>();
        return services;
    }
}

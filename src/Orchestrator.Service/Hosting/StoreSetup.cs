using Orchestrator.Storage;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Service.Hosting;

/// <summary>Wires the store that is configured.</summary>
internal static class StoreSetup
{
    /// <summary>Adds it. Throws <see cref="StartRefusedException" /> for a connection string that is none.</summary>
    public static void AddStore(this IServiceCollection services, ServiceSettings settings)
    {
        try
        {
            if (settings.Store.ConnectionString is not { } connection)
                services.AddSqliteStorage(new SqliteStorageOptions { DataFolder = settings.DataFolder });
            else if (settings.Store.Kind == StoreSettings.Postgres)
                services.AddPostgresStorage(new ServerStorageOptions { ConnectionString = connection });
            else
                services.AddSqlServerStorage(new ServerStorageOptions { ConnectionString = connection });
        }
        catch (ArgumentException e)
        {
            // The runtime adds the name of a parameter in brackets.
            throw new StartRefusedException(e.Message.Split(" (Parameter")[0], e);
        }
    }
}

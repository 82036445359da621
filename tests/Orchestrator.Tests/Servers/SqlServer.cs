using System.Data.Common;

namespace Orchestrator.Tests.Servers;

/// <summary>
/// The SQL Server of the tests: a connection string in the environment, of somebody who may make databases there.
/// </summary>
internal static class SqlServer
{
    public const string Variable = "ORCHESTRATOR_SQLSERVER";

    // The driver comes with the service and cannot be referenced as a package, so it is asked for by its name.
    private const string Driver = "Microsoft.Data.SqlClient.SqlClientFactory, Microsoft.Data.SqlClient";

    public static bool IsHere => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Variable));

    public static string ConnectionString => Environment.GetEnvironmentVariable(Variable)
        ?? throw new InvalidOperationException($"{Variable} is not set.");

    /// <summary>A new connection, closed.</summary>
    public static DbConnection Connect(string connectionString)
    {
        var factory = (DbProviderFactory)Type.GetType(Driver, throwOnError: true)!.GetField("Instance")!.GetValue(null)!;
        var connection = factory.CreateConnection()!;
        connection.ConnectionString = connectionString;
        return connection;
    }
}

using System.Globalization;
using System.Numerics;
using System.Text;
using Dapper;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>
/// Looks up many idempotency keys in few queries: a query has 1, 2, 4 ... keys, the last one repeated, so that there
/// are few different texts to prepare.
/// </summary>
internal static class StartQuery
{
    /// <summary>The queries for all of the keys.</summary>
    public static IEnumerable<(string Sql, DynamicParameters Parameters)> For(IEnumerable<StartKey> keys) =>
        keys.Chunk(StorageLimits.MaxKeysPerQuery).Select(For);

    private static (string Sql, DynamicParameters Parameters) For(StartKey[] keys)
    {
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)keys.Length);
        var sql = new StringBuilder(
            "SELECT definition AS Definition, \"key\" AS \"Key\", digest AS Digest, saga_id AS SagaId "
            + "FROM starts WHERE ");
        var parameters = new DynamicParameters();
        for (var i = 0; i < count; i++)
        {
            var key = keys[Math.Min(i, keys.Length - 1)];
            if (i > 0) sql.Append(" OR ");
            sql.Append(CultureInfo.InvariantCulture, $"definition = @d{i} AND \"key\" = @k{i}");
            parameters.Add(string.Create(CultureInfo.InvariantCulture, $"d{i}"), key.Definition);
            parameters.Add(string.Create(CultureInfo.InvariantCulture, $"k{i}"), key.Key);
        }

        return (sql.ToString(), parameters);
    }
}

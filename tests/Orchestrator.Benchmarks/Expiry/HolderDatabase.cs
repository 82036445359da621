using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Orchestrator.Participant;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>
/// The participant's database, as the participant and the one who looks at it from outside see it: a stock of a few
/// articles, and a line for everything that was undone.
/// </summary>
internal sealed class HolderDatabase(LedgerDialect dialect, string connectionString)
{
    public const int Articles = 100;

    public LedgerDialect Dialect => dialect;

    /// <summary>As an argument for another process.</summary>
    public string Argument => $"{dialect}:{connectionString}";

    public static HolderDatabase Sqlite(string folder) =>
        new(LedgerDialect.Sqlite, $"Data Source={Path.Combine(folder, "participant.db")};Default Timeout=2");

    public static HolderDatabase Postgres(string connectionString) => new(LedgerDialect.Postgres, connectionString);

    public static HolderDatabase FromArgument(string argument)
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        return new HolderDatabase(Enum.Parse<LedgerDialect>(argument[..colon]), argument[(colon + 1)..]);
    }

    public DbConnection Connect() => dialect == LedgerDialect.Postgres
        ? new NpgsqlConnection(connectionString)
        : new SqliteConnection(connectionString);

    public void Prepare()
    {
        using var connection = Connect();
        connection.Open();
        if (dialect == LedgerDialect.Sqlite) connection.Execute("PRAGMA journal_mode = WAL");
        var id = dialect == LedgerDialect.Sqlite
            ? "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"
            : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
        connection.Execute(
            $"""
            CREATE TABLE stock (article INTEGER NOT NULL PRIMARY KEY, available INTEGER NOT NULL);
            CREATE TABLE undone (id {id}, saga_id TEXT NOT NULL);
            """);
        connection.Execute(
            "INSERT INTO stock VALUES (@article, 0)", Enumerable.Range(0, Articles).Select(article => new { article }));
    }

    /// <summary>
    /// How many committed lines there are after one, and the newest of them. Who looks must not slow down what it looks
    /// at, so only new lines are counted: one watcher writes them, so they are committed in order.
    /// </summary>
    public static long UndoneAfter(DbConnection connection, ref long last)
    {
        var (count, newest) = connection.QuerySingle<(long Count, long? Newest)>(
            "SELECT COUNT(*) AS Count, MAX(id) AS Newest FROM undone WHERE id > @last", new { last });
        last = newest ?? last;
        return count;
    }

    public static long Scalar(DbConnection connection, string sql) =>
        Convert.ToInt64(connection.ExecuteScalar(sql), CultureInfo.InvariantCulture);
}

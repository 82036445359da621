using System.Data;
using System.Data.Common;
using Dapper;

namespace Orchestrator.Storage.Servers;

/// <summary>
/// The engines that share a store, each with the token that its sagas carry. Whoever enters or leaves, and every
/// commit, locks the row of <c>head</c> first, so each of them sees what the one before has left.
/// </summary>
internal static class OwnerTable
{
    /// <summary>Changes nothing and makes everybody else wait until this transaction has ended.</summary>
    private const string Lock = "UPDATE head SET tokens = tokens WHERE id = 1";

    /// <summary>What nobody owns: the ones that did have left, or were taken out.</summary>
    private static readonly string[] Claims =
    [
        """
        UPDATE sagas SET owner = @token
        WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = sagas.owner)
        """,
        "UPDATE endings SET owner = @token WHERE NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = endings.owner)",
        "UPDATE outbox SET owner = @token WHERE NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = outbox.owner)",
        "DELETE FROM ending_cursors WHERE NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = ending_cursors.owner)",
    ];

    /// <summary>
    /// Goes on with the ownership of that token, or begins a new one when there is none, or none any more. Commits that
    /// are still on their way over an earlier connection are refused from now on.
    /// </summary>
    public static async Task<Ownership> EnterAsync(
        DbConnection connection, long? token, ServerStorageOptions options, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        await RunAsync(transaction, Lock, new { }, cancel);
        var ownership = await GoOnAsync(transaction, token, cancel) ?? await BeginAsync(transaction, options, cancel);
        await transaction.CommitAsync(cancel);
        return ownership;
    }

    /// <summary>Leaves what it has to the others.</summary>
    public static Task LeaveAsync(DbConnection connection, long token, CancellationToken cancel) =>
        connection.ExecuteAsync(
            new CommandDefinition("DELETE FROM owners WHERE token = @token", new { token }, cancellationToken: cancel));

    private static async Task<Ownership?> GoOnAsync(DbTransaction transaction, long? token, CancellationToken cancel)
    {
        const string go = "UPDATE owners SET commits = commits + 1 WHERE token = @token";
        if (token is null || await RunAsync(transaction, go, new { token }, cancel) == 0) return null;
        const string read = "SELECT token AS Token, last_no AS LastNumber, commits AS Commits FROM owners WHERE token = @token";
        var row = await transaction.Connection!.QuerySingleAsync<OwnerData>(
            new CommandDefinition(read, new { token }, transaction, cancellationToken: cancel));
        return new Ownership(row.Token, row.LastNumber, row.Commits);
    }

    private static async Task<Ownership> BeginAsync(
        DbTransaction transaction, ServerStorageOptions options, CancellationToken cancel)
    {
        await RunAsync(transaction, "UPDATE head SET tokens = tokens + 1 WHERE id = 1", new { }, cancel);
        var token = await transaction.Connection!.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT tokens FROM head WHERE id = 1", null, transaction, cancellationToken: cancel));
        const string add = """
            INSERT INTO owners (token, name, last_no, commits, beat) VALUES (@token, @name, @none, 0, 0)
            """;
        await RunAsync(transaction, add, new { token, name = options.Name, none = -token }, cancel);
        foreach (var claim in Claims) await RunAsync(transaction, claim, new { token }, cancel);
        return new Ownership(token, -token, 0);
    }

    private static Task<int> RunAsync(DbTransaction transaction, string sql, object values, CancellationToken cancel) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(sql, values, transaction, cancellationToken: cancel));

    private sealed class OwnerData
    {
        public long Token { get; set; }

        public long LastNumber { get; set; }

        public long Commits { get; set; }
    }
}

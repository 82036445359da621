using System.Data;
using System.Data.Common;
using Dapper;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Servers;

/// <summary>
/// The engines that share a store, each with the token that its sagas carry. Whoever enters, leaves or takes over, and
/// every commit, locks the row of <c>head</c> first, so each of them sees what the one before has left. In
/// transactions of several messages: for servers that end one whose client has stopped in its middle.
/// </summary>
internal static class OwnerTable
{
    /// <summary>Numbers of the sagas that nobody owns and that have not ended.</summary>
    public const string Unowned = """
        SELECT s.no FROM sagas s
        WHERE (s.ended_at IS NULL OR s.unverified = 1)
          AND NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = s.owner)
        """;

    /// <summary>Changes nothing and makes everybody else wait until this transaction has ended.</summary>
    private const string Lock = "UPDATE head SET tokens = tokens WHERE id = 1";

    /// <summary>What nobody owns: the ones that did have left, or were taken out.</summary>
    public static readonly IReadOnlyList<string> Claims =
    [
        """
        UPDATE sagas SET owner = @token
        WHERE (ended_at IS NULL OR unverified = 1)
          AND NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = sagas.owner)
        """,
        // Behind every number there is: what the new owner deletes as told up to a number must not reach them.
        """
        UPDATE endings SET owner = @token, no = no + 1 + (SELECT h.no FROM head h WHERE h.id = 1) - (
          SELECT MIN(e.no) FROM endings e WHERE NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = e.owner))
        WHERE NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = endings.owner)
        """,
        """
        UPDATE head SET no = (SELECT MAX(e.no) FROM endings e)
        WHERE id = 1 AND no < (SELECT MAX(e.no) FROM endings e)
        """,
        "UPDATE outbox SET owner = @token WHERE NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = outbox.owner)",
        "DELETE FROM ending_cursors WHERE NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = ending_cursors.owner)",
        """
        UPDATE batches SET owner = @token
        WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM owners o WHERE o.token = batches.owner)
        """,
        "UPDATE head SET unowned = 0 WHERE id = 1",
    ];

    /// <summary>
    /// Goes on with the ownership of that token, or begins a new one when there is none, or none any more. Commits that
    /// are still on their way over an earlier connection are refused from now on.
    /// </summary>
    public static Task<Ownership> EnterAsync(
        DbConnection connection, long? token, ServerStorageOptions options, CancellationToken cancel) =>
        LockedAsync(
            connection,
            async transaction => await GoOnAsync(transaction, token, cancel)
                ?? await BeginAsync(transaction, options, cancel),
            cancel);

    /// <summary>Leaves what it has to the others.</summary>
    public static Task LeaveAsync(DbConnection connection, long token, CancellationToken cancel) =>
        LockedAsync(
            connection,
            async transaction =>
            {
                await RunAsync(transaction, "DELETE FROM owners WHERE token = @token", new { token }, cancel);
                return await RunAsync(transaction, "UPDATE head SET unowned = 1 WHERE id = 1", new { }, cancel);
            },
            cancel);

    /// <summary>See <see cref="ISharedStore.ClaimAsync" />.</summary>
    public static Task<IReadOnlyList<long>> ClaimAsync(
        DbConnection connection, long token, IReadOnlyList<OwnerBeat> silent, CancellationToken cancel) =>
        LockedAsync<IReadOnlyList<long>>(
            connection,
            async transaction =>
            {
                const string mine = "SELECT count(*) FROM owners WHERE token = @token";
                if (await ScalarAsync<long>(transaction, mine, new { token }, cancel) == 0) return [];
                foreach (var one in silent)
                {
                    await RunAsync(
                        transaction,
                        "DELETE FROM owners WHERE token = @token AND beat = @beat",
                        new { token = one.Token, beat = one.Beat },
                        cancel);
                }

                var sagas = await transaction.Connection!.QueryAsync<long>(
                    new CommandDefinition(Unowned + " ORDER BY s.no", null, transaction, cancellationToken: cancel));
                foreach (var claim in Claims) await RunAsync(transaction, claim, new { token }, cancel);
                return sagas.AsList();
            },
            cancel);

    private static async Task<T> LockedAsync<T>(
        DbConnection connection, Func<DbTransaction, Task<T>> act, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        await RunAsync(transaction, Lock, new { }, cancel);
        var answer = await act(transaction);
        await transaction.CommitAsync(cancel);
        return answer;
    }

    private static async Task<Ownership?> GoOnAsync(DbTransaction transaction, long? token, CancellationToken cancel)
    {
        const string go = "UPDATE owners SET commits = commits + 1 WHERE token = @token";
        if (token is not { } mine || await RunAsync(transaction, go, new { token }, cancel) == 0) return null;
        const string read = "SELECT last_no AS LastNumber, commits AS Commits FROM owners WHERE token = @token";
        var row = await transaction.Connection!.QuerySingleAsync<OwnerData>(
            new CommandDefinition(read, new { token }, transaction, cancellationToken: cancel));
        return new Ownership(mine, row.LastNumber, row.Commits);
    }

    private static async Task<Ownership> BeginAsync(
        DbTransaction transaction, ServerStorageOptions options, CancellationToken cancel)
    {
        await RunAsync(transaction, "UPDATE head SET tokens = tokens + 1 WHERE id = 1", new { }, cancel);
        var token = await ScalarAsync<long>(transaction, "SELECT tokens FROM head WHERE id = 1", new { }, cancel);
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

    private static async Task<T> ScalarAsync<T>(
        DbTransaction transaction, string sql, object values, CancellationToken cancel)
        where T : struct =>
        await transaction.Connection!.ExecuteScalarAsync<T>(
            new CommandDefinition(sql, values, transaction, cancellationToken: cancel));

    private sealed class OwnerData
    {
        public long LastNumber { get; set; }

        public long Commits { get; set; }
    }
}

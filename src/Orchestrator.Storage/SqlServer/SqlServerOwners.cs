using System.Data.Common;
using System.Globalization;
using Dapper;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Storage.SqlServer;

/// <summary>
/// What <see cref="OwnerTable" /> does, each as one command: SQL Server ends no transaction of a client that has
/// stopped in its middle, and everybody else waits for the row of <c>head</c> that it holds.
/// </summary>
internal static class SqlServerOwners
{
    /// <summary>UPDLOCK is kept to the end of the transaction, and every commit waits for it.</summary>
    private const string Begin = """
        SET NOCOUNT ON;
        SET XACT_ABORT ON;
        DECLARE @tokens BIGINT;
        BEGIN TRANSACTION;
        SELECT @tokens = tokens FROM head WITH (UPDLOCK) WHERE id = 1;
        """;

    private static readonly string Claims = string.Concat(OwnerTable.Claims.Select(claim => claim + ";\n"));

    private static readonly string Enter = $"""
        {Begin}
        DECLARE @last BIGINT, @commits BIGINT;
        UPDATE owners SET commits = commits + 1 WHERE token = @token;
        IF @@ROWCOUNT = 0
        BEGIN
        SET @token = @tokens + 1;
        UPDATE head SET tokens = @token WHERE id = 1;
        INSERT INTO owners (token, name, last_no, commits, beat) VALUES (@token, @name, -@token, 0, 0);
        {Claims}END;
        SELECT @last = last_no, @commits = commits FROM owners WHERE token = @token;
        COMMIT TRANSACTION;
        SELECT @token AS Token, @last AS LastNumber, @commits AS Commits;
        """;

    private const string Leave = $"""
        {Begin}
        DELETE FROM owners WHERE token = @token;
        UPDATE head SET unowned = 1 WHERE id = 1;
        COMMIT TRANSACTION;
        """;

    private static readonly string Claim = $"""
        {Begin}
        DECLARE @claimed TABLE (no BIGINT NOT NULL PRIMARY KEY);
        IF EXISTS (SELECT 1 FROM owners WHERE token = @token)
        BEGIN
        DELETE FROM owners WHERE EXISTS (
          SELECT 1 FROM OPENJSON(@silent) WITH (token BIGINT '$[0]', beat BIGINT '$[1]') AS s
          WHERE s.token = owners.token AND s.beat = owners.beat);
        INSERT INTO @claimed (no) {OwnerTable.Unowned};
        {Claims}END;
        COMMIT TRANSACTION;
        SELECT no FROM @claimed ORDER BY no;
        """;

    /// <summary>See <see cref="OwnerTable.EnterAsync" />.</summary>
    public static async Task<Ownership> EnterAsync(
        DbConnection connection, long? token, ServerStorageOptions options, CancellationToken cancel)
    {
        var entered = await connection.QuerySingleAsync<OwnerData>(
            new CommandDefinition(Enter, new { token, name = options.Name }, cancellationToken: cancel));
        return new Ownership(entered.Token, entered.LastNumber, entered.Commits);
    }

    /// <summary>See <see cref="OwnerTable.LeaveAsync" />.</summary>
    public static Task LeaveAsync(DbConnection connection, long token, CancellationToken cancel) =>
        connection.ExecuteAsync(new CommandDefinition(Leave, new { token }, cancellationToken: cancel));

    /// <summary>See <see cref="ISharedStore.ClaimAsync" />.</summary>
    public static async Task<IReadOnlyList<long>> ClaimAsync(
        DbConnection connection, long token, IReadOnlyList<OwnerBeat> silent, CancellationToken cancel)
    {
        var rows = silent.Select(one => string.Create(CultureInfo.InvariantCulture, $"[{one.Token},{one.Beat}]"));
        var values = new { token, silent = $"[{string.Join(',', rows)}]" };
        var sagas = await connection.QueryAsync<long>(new CommandDefinition(Claim, values, cancellationToken: cancel));
        return sagas.AsList();
    }

    private sealed class OwnerData
    {
        public long Token { get; set; }

        public long LastNumber { get; set; }

        public long Commits { get; set; }
    }
}

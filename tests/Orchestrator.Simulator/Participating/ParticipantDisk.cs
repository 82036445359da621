using Microsoft.Data.Sqlite;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Participating;

/// <summary>
/// What survives of a participant: its database with the ledger and the business table <c>moves</c>. After each commit
/// the books are looked through.
/// </summary>
internal sealed class ParticipantDisk : IDisposable
{
    private readonly World world;
    private readonly SqliteCommand readRows;
    private readonly SqliteCommand readOutbox;
    private readonly SqliteCommand readBalance;
    private long seen;

    public ParticipantDisk(string name, World world)
    {
        Name = name;
        this.world = world;
        Inner = new SqliteConnection("Data Source=:memory:;Pooling=False");
        Inner.Open();
        Execute("""
            CREATE TABLE moves (saga_id TEXT NOT NULL, step TEXT NOT NULL, amount INTEGER NOT NULL,
                done INTEGER NOT NULL, undone INTEGER NOT NULL, confirmed INTEGER NOT NULL, ended INTEGER NOT NULL,
                PRIMARY KEY (saga_id, step));
            CREATE TABLE balance (amount INTEGER NOT NULL);
            INSERT INTO balance VALUES (0);
            CREATE TABLE saga_ledger_identity (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
                ledger_id TEXT NOT NULL);
            """);
        Span<byte> id = stackalloc byte[16];
        BitConverter.TryWriteBytes(id, world.Dice.Next());
        BitConverter.TryWriteBytes(id[8..], world.Dice.Next());
        Execute($"INSERT INTO saga_ledger_identity VALUES (1, '{new Guid(id)}')");
        readRows = Inner.CreateCommand();
        readRows.CommandText = """
            SELECT l.saga_id, l.step, l.kind, l.state, l.due_at, l.ended_at, l.ended_as, l.answer_code, l.answer,
                m.amount, m.done, m.undone, m.confirmed, l.expires_at
            FROM saga_ledger l LEFT JOIN moves m ON m.saga_id = l.saga_id AND m.step = l.step
            """;
        readOutbox = Inner.CreateCommand();
        readOutbox.CommandText = "SELECT seq, aggregateid, payload FROM saga_outbox ORDER BY seq";
        readBalance = Inner.CreateCommand();
        readBalance.CommandText = "SELECT amount FROM balance";
        seen = SQLitePCL.raw.sqlite3_total_changes(Inner.Handle!);
    }

    /// <summary>The participant.</summary>
    public string Name { get; }

    /// <summary>The database.</summary>
    public SqliteConnection Inner { get; }

    /// <summary>The rows as they were after the last commit.</summary>
    public Dictionary<LedgerKey, SeenRow> Rows { get; private set; } = [];

    /// <summary>What the business says it has.</summary>
    public long Balance => (long)readBalance.ExecuteScalar()!;

    /// <summary>Ends a transaction, or a process with it.</summary>
    public Task CommitAsync(SqliteTransaction transaction, SimulatedProcess process)
    {
        var fate = world.Faults.FateOfCommit();
        if (fate is CommitFate.Written or CommitFate.WrittenButFails or CommitFate.WrittenThenKilled)
            transaction.Commit();
        else
            transaction.Rollback();
        transaction.Dispose();
        Look(process);
        if (fate != CommitFate.Written) world.Journal.Note($"{process.Name} commit {fate}");
        switch (fate)
        {
            case CommitFate.Written:
                return Task.CompletedTask;
            case CommitFate.WrittenThenKilled or CommitFate.KilledBefore:
                world.Kill(process);
                // Nobody is left to hear of it.
                return new TaskCompletionSource().Task;
            default:
                return Task.FromException(new LedgerFault("the commit failed"));
        }
    }

    /// <summary>Looks through the books when they have changed.</summary>
    public void Look(SimulatedProcess process)
    {
        var changes = SQLitePCL.raw.sqlite3_total_changes(Inner.Handle!);
        if (changes == seen) return;
        seen = changes;
        var rows = Read();
        world.Truth.Moved(this, process, Rows, rows);
        Rows = rows;
    }

    /// <summary>Events that wait for whoever reads the outbox; they are taken out of it.</summary>
    public List<(string SagaId, string Payload)> TakeOutbox()
    {
        var events = new List<(string, string)>();
        using (var reader = readOutbox.ExecuteReader())
            while (reader.Read())
                events.Add((reader.GetString(1), reader.GetString(2)));
        if (events.Count > 0) Execute("DELETE FROM saga_outbox");
        return events;
    }

    /// <summary>What was moved, and whether it was not moved back.</summary>
    public List<(long Amount, bool IsKept)> Moves()
    {
        var moves = new List<(long, bool)>();
        using var command = Inner.CreateCommand();
        command.CommandText = "SELECT amount, done > undone FROM moves";
        using var reader = command.ExecuteReader();
        while (reader.Read()) moves.Add((reader.GetInt64(0), reader.GetBoolean(1)));
        return moves;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        readRows.Dispose();
        readOutbox.Dispose();
        readBalance.Dispose();
        Inner.Dispose();
    }

    private Dictionary<LedgerKey, SeenRow> Read()
    {
        var rows = new Dictionary<LedgerKey, SeenRow>(Rows.Count + 1);
        using var reader = readRows.ExecuteReader();
        while (reader.Read())
        {
            var key = new LedgerKey(reader.GetString(0), reader.GetString(1));
            rows[key] = new SeenRow(
                reader.GetString(2), reader.GetString(3), Instant(reader, 4), Instant(reader, 13),
                IsEnded: !reader.IsDBNull(5), Text(reader, 6), Text(reader, 7), Text(reader, 8),
                Amount: Number(reader, 9), Done: (int)Number(reader, 10), Undone: (int)Number(reader, 11),
                Confirmed: (int)Number(reader, 12));
        }

        return rows;
    }

    private static string? Text(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static long Number(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? 0 : reader.GetInt64(column);

    private static DateTimeOffset? Instant(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private void Execute(string sql)
    {
        using var command = Inner.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>The key of a ledger row.</summary>
internal readonly record struct LedgerKey(string SagaId, string Step)
{
    /// <summary>The step's name without what a resend added to it.</summary>
    public string Name => Step.Split('~', 2)[0];

    /// <inheritdoc />
    public override string ToString() => $"{SagaId}/{Step}";
}

/// <summary>A ledger row and what the business table says of the same key.</summary>
internal sealed record SeenRow(
    string Kind, string State, DateTimeOffset? DueAt, DateTimeOffset? ExpiresAt, bool IsEnded, string? EndedAs,
    string? Code, string? Answer, long Amount, int Done, int Undone, int Confirmed);

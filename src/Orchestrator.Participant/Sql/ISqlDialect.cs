using System.Data;
using System.Data.Common;

namespace Orchestrator.Participant.Sql;

/// <summary>What really differs between the databases. Pure text; every value goes in as a parameter.</summary>
internal interface ISqlDialect
{
    /// <summary>Creates the tables and indexes unless they exist. May be run by several replicas at once.</summary>
    string Schema { get; }

    /// <summary>1 when the ledger's table has the column of the trace context, else 0.</summary>
    string HasTraceParent { get; }

    /// <summary>Adds that column.</summary>
    string AddTraceParent { get; }

    /// <summary>The schema of the outbox. Its first columns are those of Debezium's outbox event router.</summary>
    string OutboxSchema { get; }

    /// <summary>Sent once on a connection that was just opened; null when nothing is needed.</summary>
    string? OnOpened { get; }

    /// <summary>
    /// Moves what was committed from the database's log to its place, outside any transaction; null where the server
    /// sees to that.
    /// </summary>
    string? MoveLog { get; }

    /// <summary>
    /// One writer at a time per database: then writers queue in the process instead of polling the file's lock.
    /// </summary>
    bool HasSingleWriter { get; }

    /// <summary>The weakest level at which a row that was read under a lock stays as it was read.</summary>
    IsolationLevel Isolation { get; }

    /// <summary>An insert that does nothing, and reports no row, when the key exists.</summary>
    string InsertIfAbsent(string table, string columns, string values, string keyMatches);

    /// <summary>
    /// A select that locks the rows it returns until the transaction ends, waiting for other holders.
    /// </summary>
    string SelectLocked(string columns, string table, string where);

    /// <summary>The first <c>@count</c> rows as they were last committed.</summary>
    string SelectSome(string columns, string table, string where, string order);

    /// <summary>The first <c>@count</c> rows, locked, leaving out rows that another transaction holds.</summary>
    string SelectFreeLocked(string columns, string table, string where, string order);

    /// <summary>That a column is one of an array's values. Dapper spreads the array out, but not for Npgsql.</summary>
    string IsOneOf(string column, string parameter);

    /// <summary>
    /// The table as a select names it that only looks: it waits for no lock, and may miss rows that are being written.
    /// </summary>
    string Glance(string table);

    /// <summary>
    /// An update of the rows whose key and state are given, with what is given for each; counts the rows it changed.
    /// Null where a statement costs no round trip.
    /// </summary>
    string? UpdateGiven(string table, string changes, GivenRows given);

    /// <summary>Deletes at most <c>@count</c> rows.</summary>
    string DeleteSome(string table, string where);

    /// <summary>Sets a savepoint.</summary>
    string Savepoint { get; }

    /// <summary>Takes back everything since the savepoint.</summary>
    string RollbackToSavepoint { get; }

    /// <summary>Forgets the savepoint; null where that does not exist.</summary>
    string? ReleaseSavepoint { get; }

    /// <summary>True when the same transaction may succeed when it is run again.</summary>
    bool IsPassing(DbException exception);
}

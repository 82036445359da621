using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>SQLite's error codes as sentences that say what to do.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int NoPermission = 3;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;

    public static bool IsConflict(SqliteException e) => e.SqliteErrorCode is TooBig or Constraint or Mismatch;

    public static string Explain(SqliteException e, string file) => e.SqliteErrorCode switch
    {
        Full => $"The disk that holds {file} is full. Make room; the engine goes on by itself.",
        Busy or Locked =>
            $"{file} is locked by another process. Close what has it open (a database browser, a backup); the engine "
            + "goes on by itself.",
        Corrupt or NotADatabase =>
            $"{file} is damaged ({e.Message}). Take it and its -wal and -shm files away and rename a backup into its "
            + "place; "
            + "the engine goes on by itself.",
        InputOutput => $"The disk that holds {file} reports an I/O error ({e.Message}). Look after the disk; the "
            + "engine goes on by itself.",
        NoPermission or ReadOnly or CannotOpen =>
            $"{file} cannot be opened or written ({e.Message}). Give this process the right to write there; the "
            + "engine goes on by itself.",
        _ => $"{file} cannot be used: SQLite error {e.SqliteExtendedErrorCode}: {e.Message}",
    };
}

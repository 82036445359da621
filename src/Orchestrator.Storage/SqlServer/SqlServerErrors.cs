using System.Net.Sockets;
using Microsoft.Data.SqlClient;

namespace Orchestrator.Storage.SqlServer;

/// <summary>SQL Server's errors as sentences that say what to do.</summary>
internal static class SqlServerErrors
{
    /// <summary>An error of this class or above ends the connection.</summary>
    public const int EndsConnection = 20;

    private const string GoesOn = "The engine goes on by itself.";

    /// <summary>What a commit throws.</summary>
    private const int NotOwner = 50070;

    /// <summary>What the set-up throws.</summary>
    private const int SetUpElsewhere = 50071;

    private const int Timeout = -2;
    private const int Deadlock = 1205;
    private const int LockTimeout = 1222;
    private const int SnapshotConflict = 3960;
    private const int LogFull = 9002;
    private const int DiskFull = 1105;
    private const int LoginFailed = 18456;
    private const int NoDatabase = 4060;
    private const int NotAllowed = 229;
    private const int NotAllowedToCreate = 262;

    // Unique index, primary key, NULL, check, conversion, text too long (before and since 2019), number too big.
    private static readonly HashSet<int> Conflicts = [2601, 2627, 515, 547, 245, 8114, 8152, 2628, 8115];

    public static bool IsConflict(Exception exception) =>
        exception is SqlException e && Conflicts.Contains(e.Number);

    /// <param name="exception">What the driver threw.</param>
    /// <param name="place">Server and database, without user and password.</param>
    public static string? Explain(Exception exception, string place) => exception switch
    {
        SqlException e => Explain(e, place),
        SocketException or TimeoutException or IOException =>
            $"{place} cannot be reached: {exception.Message} Look after the server and the way to it. {GoesOn}",
        NotSupportedException =>
            $"{place} cannot be reached: the driver needs ICU ({exception.Message}) Install libicu, and do not set "
            + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.",
        // The pool is used up, or a connection broke while it was being used.
        InvalidOperationException { Source: "Microsoft.Data.SqlClient" or "Core Microsoft SqlClient Data Provider" } =>
            $"{place} cannot be used now: {exception.Message} {GoesOn}",
        _ => null,
    };

    private static string Explain(SqlException e, string place) => e.Number switch
    {
        NotOwner =>
            $"Another orchestrator has taken over what this one had in {place}, because it was silent for too long. "
            + "It goes on with new sagas by itself.",
        SetUpElsewhere => $"{place} is being set up by another orchestrator. {GoesOn}",
        Deadlock or LockTimeout or SnapshotConflict => $"{place} was too busy for a commit ({e.Message}) {GoesOn}",
        Timeout => $"{place} does not answer in time. Look after the server and the way to it. {GoesOn}",
        LoginFailed => $"{place} refuses the user. Correct Orchestrator:ConnectionString.",
        NoDatabase =>
            $"{place} cannot be opened: {e.Message} Create the database, or correct Orchestrator:ConnectionString.",
        NotAllowed or NotAllowedToCreate =>
            $"{place}: {e.Message} Make the user of Orchestrator:ConnectionString the owner of the database.",
        LogFull or DiskFull => $"{place} has no room left: {e.Message} Make room. {GoesOn}",
        _ when e.Class >= EndsConnection =>
            $"{place} cannot be reached: {e.Message} Look after the server and the way to it. {GoesOn}",
        _ => $"{place} cannot be used: SQL Server error {e.Number}: {e.Message}",
    };
}

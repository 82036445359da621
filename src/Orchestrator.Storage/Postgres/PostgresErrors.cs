using System.Net.Sockets;
using Npgsql;

namespace Orchestrator.Storage.Postgres;

/// <summary>PostgreSQL's errors as sentences that say what to do.</summary>
internal static class PostgresErrors
{
    private const string GoesOn = "The engine goes on by itself.";

    /// <summary>What <c>begin_commit</c> raises.</summary>
    private const string NotOwner = "SG001";

    public static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: ['2', '2' or '3', ..] };

    /// <param name="exception">What the driver threw.</param>
    /// <param name="place">Host and database, without user and password.</param>
    public static string? Explain(Exception exception, string place) => exception switch
    {
        PostgresException e => Explain(e, place),
        NpgsqlException { InnerException: TimeoutException } =>
            $"{place} does not answer in time. Look after the server and the way to it. {GoesOn}",
        NpgsqlException or SocketException or TimeoutException or IOException =>
            $"{place} cannot be reached: {exception.Message} Look after the server and the way to it. {GoesOn}",
        _ => null,
    };

    private static string Explain(PostgresException e, string place) => e.SqlState switch
    {
        NotOwner =>
            $"Another orchestrator has taken over what this one had in {place}, because it was silent for too long. "
            + "It goes on with new sagas by itself.",
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled =>
            $"{place} was too busy for a commit ({e.MessageText}). {GoesOn}",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"{place} refuses the user: {e.MessageText}. Correct Orchestrator:ConnectionString.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"{place}: {e.MessageText}. Create the database, or correct Orchestrator:ConnectionString.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"{place}: {e.MessageText}. Make the user of Orchestrator:ConnectionString the owner of the database.",
        PostgresErrorCodes.DiskFull => $"The disk of {place} is full. Make room. {GoesOn}",
        PostgresErrorCodes.TooManyConnections =>
            $"{place} takes no more connections. Raise max_connections, or close others. {GoesOn}",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            $"{place} is stopping or starting. {GoesOn}",
        _ => $"{place} cannot be used: PostgreSQL error {e.SqlState}: {e.MessageText}.",
    };
}

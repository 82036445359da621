namespace Orchestrator.Storage.Servers;

/// <summary>Reads connection strings without showing a piece of one: a password may be in any of them.</summary>
internal static class ConnectionStrings
{
    /// <summary>
    /// Throws <see cref="ArgumentException" /> with a sentence when it is none, or names no database.
    /// </summary>
    public static T Read<T>(string product, string example, Func<T> read, Func<T, bool> isWhole)
    {
        try
        {
            var connection = read();
            if (isWhole(connection)) return connection;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException
            or KeyNotFoundException or OverflowException)
        {
            // What the driver says may quote a part of the secret, so it is not passed on.
        }

        throw new ArgumentException(
            $"Orchestrator:ConnectionString is no connection string for {product} that names a server and a database, "
            + $"such as \"{example}\". It is not shown here because it is a secret.",
            nameof(read));
    }
}

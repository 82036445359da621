namespace Orchestrator.Service.Hosting;

/// <summary>Which database the engine stores in. Immutable; its text never shows the connection string.</summary>
/// <param name="Kind">sqlite, postgres or sqlserver.</param>
/// <param name="ConnectionString">How to connect to a server: a secret, never logged; null for sqlite.</param>
internal sealed record StoreSettings(string Kind, string? ConnectionString)
{
    /// <summary>A file in the data folder.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A PostgreSQL database, which several orchestrators may share.</summary>
    public const string Postgres = "postgres";

    /// <summary>A SQL Server database, which several orchestrators may share.</summary>
    public const string SqlServer = "sqlserver";

    /// <summary>The key of <see cref="Kind" />.</summary>
    public const string StoreKey = "Store";

    /// <summary>The key of <see cref="ConnectionString" />.</summary>
    public const string ConnectionKey = "ConnectionString";

    private static readonly string[] Kinds = [Sqlite, Postgres, SqlServer];

    /// <summary>The kind, and no more.</summary>
    public override string ToString() => Kind;

    /// <summary>Reads it; null after a problem.</summary>
    public static StoreSettings? Read(IConfigurationSection section, bool isDapr, List<string> problems)
    {
        var (name, connection) = (section[StoreKey] ?? Sqlite, section[ConnectionKey]);
        var key = $"{section.Path}:{StoreKey}";
        var before = problems.Count;
        if (Kinds.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } kind)
        {
            problems.Add(
                $"{key} is \"{name}\", which is not known. Set it to \"sqlite\", \"postgres\" or \"sqlserver\", or "
                + "leave it out.");
            return null;
        }

        if (kind == Sqlite && connection is not null)
            problems.Add(
                $"{section.Path}:{ConnectionKey} is set, and {key} is \"sqlite\", which takes none. Leave it out, or "
                + $"set {key} to \"postgres\" or \"sqlserver\".");
        if (kind != Sqlite && string.IsNullOrWhiteSpace(connection))
            problems.Add(
                $"{key} is \"{kind}\" and {section.Path}:{ConnectionKey} is missing. Say how to connect, best in the "
                + $"environment variable {section.Path}__{ConnectionKey}: it is a secret.");
        if (kind != Sqlite && isDapr)
            problems.Add(
                $"{key} is \"{kind}\" and {section.Path}:Engine is \"dapr\". The Dapr engine keeps its lists in "
                + $"sqlite; leave {key} out.");
        return problems.Count > before ? null : new StoreSettings(kind, connection);
    }
}

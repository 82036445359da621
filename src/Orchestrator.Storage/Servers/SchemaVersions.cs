namespace Orchestrator.Storage.Servers;

/// <summary>What is said of a schema that does not fit.</summary>
internal static class SchemaVersions
{
    /// <summary>Of one that this version does not know.</summary>
    public static string TooNew(string place, int version, int known) =>
        $"{place} was written by a newer version of Orchestrator (schema {version}; this one knows {known}). Run that "
        + "version, or name another database with Orchestrator:ConnectionString.";
}

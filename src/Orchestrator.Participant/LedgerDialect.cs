namespace Orchestrator.Participant;

/// <summary>The databases a ledger can live in.</summary>
public enum LedgerDialect
{
    /// <summary>SQLite through Microsoft.Data.Sqlite.</summary>
    Sqlite,

    /// <summary>PostgreSQL through Npgsql.</summary>
    Postgres,

    /// <summary>SQL Server 2016 or later through Microsoft.Data.SqlClient.</summary>
    SqlServer,
}

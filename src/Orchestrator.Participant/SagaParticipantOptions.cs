using System.Data.Common;
using System.Text.Json;
using Orchestrator.Contract;

namespace Orchestrator.Participant;

/// <summary>Options of a saga participant. Checked when the host starts; the error names the option.</summary>
public sealed class SagaParticipantOptions
{
    /// <summary>
    /// The database of the ledger. Required; set it with <see cref="UseDatabase(LedgerDialect, Func{DbConnection})" />.
    /// </summary>
    public LedgerDialect? Dialect { get; set; }

    /// <summary>
    /// Gives a new connection to the business database, open or closed; the library disposes it. Called by many
    /// threads. Required.
    /// </summary>
    public Func<CancellationToken, ValueTask<DbConnection>>? Connect { get; set; }

    /// <summary>
    /// The token that callers must send as <c>Authorization: Bearer</c> or <c>dapr-api-token</c>. Null (default):
    /// anybody may call, unless <c>APP_API_TOKEN</c> is configured; that one always admits a sidecar, as
    /// <c>dapr-api-token</c>.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>The clock. Null (default): the <see cref="TimeProvider" /> in the services, or the system's.</summary>
    public TimeProvider? Clock { get; set; }

    /// <summary>
    /// The clock of the pauses a busy database is given: it goes on while <see cref="Clock" /> stands still in a test.
    /// A simulation has its own.
    /// </summary>
    internal TimeProvider Waiting { get; set; } = TimeProvider.System;

    /// <summary>
    /// How long final rows are kept after their last change; default 7 days, at least 2 minutes. A command sent longer
    /// ago than half of it is answered <c>stale</c>, so clocks must agree better than that.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How often the watcher looks for due rows that another replica wrote; default 1 s, from 10 ms to 1 hour.
    /// </summary>
    public TimeSpan Sweep { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After how many failed tries of an undo a person should look; default 10, at least 1.</summary>
    public int AttemptsBeforeAttention { get; set; } = 10;

    /// <summary>
    /// True: the ledger is only shown. Nothing is undone, and commands are answered 503 <c>busy</c>, so that they come
    /// again, until the host starts without it. For a database that was restored from a backup, while it is compared
    /// with the orchestrator; the deadlines of held steps are not kept meanwhile. Default false.
    /// </summary>
    public bool Standby { get; set; }

    /// <summary>Longest body in bytes; default 1 MiB, from 1 KiB to 64 MiB. A longer one is answered 413.</summary>
    public int LongestBody { get; set; } = WireLimits.Body;

    /// <summary>
    /// How data and outputs are read and written. Default: web defaults (camelCase), and a missing constructor
    /// parameter or a null where none is allowed is an error of the sender, not a silent zero.
    /// </summary>
    public JsonSerializerOptions Json { get; set; } = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Sets the database by a factory of connections.</summary>
    /// <param name="dialect">Which database it is.</param>
    /// <param name="connect">Makes a new connection, open or closed.</param>
    public void UseDatabase(LedgerDialect dialect, Func<DbConnection> connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        Dialect = dialect;
        Connect = _ => ValueTask.FromResult(connect());
    }

    /// <summary>Sets the database by a data source, which the caller keeps and disposes.</summary>
    /// <param name="dialect">Which database it is.</param>
    /// <param name="source">Opens the connections.</param>
    public void UseDatabase(LedgerDialect dialect, DbDataSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Dialect = dialect;
        Connect = source.OpenConnectionAsync;
    }
}

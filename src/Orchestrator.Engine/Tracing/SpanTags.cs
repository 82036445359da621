namespace Orchestrator.Engine.Tracing;

/// <summary>Names of what a span says. Stable: people search by them.</summary>
internal static class SpanTags
{
    public const string Saga = "saga.id";
    public const string Definition = "saga.definition";
    public const string DefinitionVersion = "saga.definition_version";
    public const string Step = "saga.step";
    public const string Command = "saga.command";
    public const string Attempt = "saga.attempt";
    public const string Participant = "saga.participant";
    public const string Asks = "saga.asks_after";
    public const string Answer = "saga.answer";
    public const string LedgerState = "saga.ledger_state";
    public const string Phase = "saga.phase";
    public const string Version = "saga.version";
    public const string Events = "saga.events";
    public const string Stuck = "saga.stuck";
    public const string Outcome = "saga.outcome";
    public const string Reason = "saga.reason";
    public const string HttpStatus = "http.response.status_code";
    public const string ErrorType = "error.type";
}

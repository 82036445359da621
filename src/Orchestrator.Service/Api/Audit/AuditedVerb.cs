using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Api.Audit;

/// <summary>What an address asks for, in the words of the audit list.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Kind">Of what.</param>
/// <param name="Value">The part of the address that names it; null for one that is not there yet.</param>
internal sealed record AuditedVerb(string Verb, AuditKind Kind, string? Value)
{
    private const string Sagas = "/sagas/{id}";

    private static readonly Dictionary<string, AuditedVerb> Known = new(StringComparer.Ordinal)
    {
        [$"DELETE {Sagas}"] = new(AuditVerbs.Delete, AuditKind.Saga, "id"),
        ["PUT /definitions/{name}"] = new(AuditVerbs.PutDefinition, AuditKind.Definition, "name"),
        ["PUT /participants/{name}"] = new(AuditVerbs.PutParticipant, AuditKind.Participant, "name"),
        ["POST /participants/{name}/retry"] = new("retry", AuditKind.Participant, "name"),
        ["POST /participants/retry"] = new("retry", AuditKind.Participant, null),
        ["POST /batches"] = new(AuditVerbs.CreateBatch, AuditKind.Batch, null),
        ["POST /batches/{id}/stop"] = new(AuditVerbs.StopBatch, AuditKind.Batch, "id"),
    };

    /// <summary>The verb of a request; null when it is none.</summary>
    public static AuditedVerb? Of(HttpContext http)
    {
        if ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is not { } pattern) return null;
        if (Known.TryGetValue($"{http.Request.Method} {pattern}", out var known)) return known;
        return HttpMethods.IsPost(http.Request.Method) && pattern.StartsWith(Sagas + "/", StringComparison.Ordinal)
            ? new AuditedVerb(pattern[(pattern.LastIndexOf('/') + 1)..], AuditKind.Saga, "id")
            : null;
    }

    /// <summary>What it is asked of.</summary>
    public string TargetOf(HttpContext http) =>
        Value is not null && http.GetRouteValue(Value) is string { Length: > 0 } target ? target : "-";
}

namespace Orchestrator.Tests.Service.Addresses;

/// <summary>An address of the service and who may use it, as docs/api.md and docs/security.md have it.</summary>
/// <param name="Needs">A role, <see cref="Token" /> or <see cref="Nothing" />.</param>
/// <param name="Key">The method and the pattern.</param>
public sealed record ServiceRoute(string Needs, string Key)
{
    /// <summary>Any token will do.</summary>
    public const string Token = "token";

    /// <summary>Anybody may.</summary>
    public const string Nothing = "nothing";

    /// <summary>A saga nobody has started.</summary>
    public const string Nobody = "0123456789abcdef0123456789abcdef";

    /// <summary>Every role, the least first.</summary>
    public static readonly string[] Roles = ["viewer", "starter", "operator", "admin"];

    /// <summary>All of them but the pages' files. A test holds this table against the service itself.</summary>
    public static readonly ServiceRoute[] All =
    [
        .. Of(Nothing, "GET /", "GET /healthz", "GET /readyz"),
        .. Of(Token, "GET /whoami"),
        .. Of(
            "viewer",
            "GET /overview", "GET /metrics", "GET /openapi/v1.json", "GET /alerts", "GET /audit",
            "GET /sagas", "GET /sagas/counts", "GET /sagas/{id}", "GET /sagas/{id}/ledgers", "GET /sagas/{id}/history",
            "GET /events", "GET /events/pulse", "GET /sagas/{id}/events",
            "GET /definitions", "GET /definitions/schema.json", "GET /definitions/{name}",
            "GET /definitions/{name}/versions", "GET /definitions/{name}/{version}",
            "POST /definitions/{name}/validate", "POST /definitions/{name}/try",
            "POST /definitions/{name}/{version}/try",
            "GET /participants", "GET /participants/{name}",
            "GET /batches", "GET /batches/{id}", "GET /batches/{id}/results"),
        .. Of("starter", "POST /sagas/{definition}"),
        .. Of(
            "operator",
            "POST /sagas/{id}/cancel", "POST /sagas/{id}/retry", "POST /sagas/{id}/suspend", "POST /sagas/{id}/resume",
            "POST /sagas/{id}/extend", "POST /sagas/{id}/rerun", "POST /sagas/{id}/steps/{step}/resend",
            "POST /sagas/{id}/steps/{step}/resolve",
            "POST /participants/retry", "POST /participants/{name}/retry",
            "POST /batches", "POST /batches/{id}/stop", "POST /alerts/test"),
        .. Of("admin", "DELETE /sagas/{id}", "PUT /definitions/{name}", "PUT /participants/{name}"),
    ];

    private static readonly string[] ChangesNothing = ["/validate", "/try"];

    /// <summary>Its method.</summary>
    public HttpMethod Method => new(Key.Split(' ')[0]);

    /// <summary>Its pattern.</summary>
    public string Pattern => Key.Split(' ')[1];

    /// <summary>True for what changes something, or has others told.</summary>
    public bool Changes => Method != HttpMethod.Get && !ChangesNothing.Any(Pattern.EndsWith);

    /// <summary>A body it can be sent; null for none.</summary>
    public string? Body => Method == HttpMethod.Get || Method == HttpMethod.Delete ? null : Pattern switch
    {
        "/sagas/{id}/extend" => """{"deadline":"30m"}""",
        "/sagas/{id}/steps/{step}/resolve" => """{"as":"undone"}""",
        "/batches" => """{"filter":{},"verb":"cancel"}""",
        _ => "{}",
    };

    /// <summary>An address of its pattern.</summary>
    public string Path(string saga = Nobody, string name = "order") => Pattern
        .Replace("{id}", saga, StringComparison.Ordinal)
        .Replace("{definition}", name, StringComparison.Ordinal)
        .Replace("{name}", Pattern.StartsWith("/participants", StringComparison.Ordinal) && name == "order"
            ? "shop"
            : name, StringComparison.Ordinal)
        .Replace("{version}", "1", StringComparison.Ordinal)
        .Replace("{step}", "reserve", StringComparison.Ordinal);

    private static IEnumerable<ServiceRoute> Of(string needs, params string[] keys) =>
        keys.Select(key => new ServiceRoute(needs, key));
}

namespace Orchestrator.Tests.Service.Addresses;

/// <summary>A request and the problem it is answered with.</summary>
/// <param name="Key">The address: method and pattern.</param>
/// <param name="Path">What is asked, with words of <see cref="ProblemWorld" />.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The problem's code.</param>
/// <param name="Body">What is sent; null for nothing.</param>
public sealed record Refusal(string Key, string Path, int Status, string Code, string? Body = "{}")
{
    private const string Saga = "/sagas/{id}";
    private const string Step = "/sagas/{id}/steps/{step}";

    /// <summary>A header it has beside <c>X-Actor</c>.</summary>
    public (string Name, string Value)? Header { get; init; }

    /// <summary>False for one that does not say who asks.</summary>
    public bool HasActor { get; init; } = true;

    /// <summary>All of them but those of bodies, which are the same everywhere.</summary>
    public static IEnumerable<Refusal> All =>
        [.. Starts, .. Reads, .. Verbs, .. Extends, .. Resends, .. Resolves, .. Reruns, .. Others];

    private static Refusal[] Starts =>
    [
        new("POST /sagas/{definition}", "/sagas/none", 404, "not-found"),
        new("POST /sagas/{definition}", "/sagas/ended", 400, "malformed", "{"),
        new("POST /sagas/{definition}", "/sagas/ended?deadlin=1m", 400, "unknown-parameter"),
        new("POST /sagas/{definition}", "/sagas/ended", 400, "bad-idempotency-key")
        {
            Header = ("Idempotency-Key", new string('k', 129)),
        },
        new("POST /sagas/{definition}", "/sagas/ended", 409, "key-reused", "[1]")
        {
            Header = ("Idempotency-Key", "start"),
        },
        new("POST /sagas/{definition}", "/sagas/ended?deadline=1s", 422, "deadline"),
        new("POST /sagas/{definition}", "/sagas/ended?tag.a%20b=c", 422, "invalid"),
        new(
            "POST /sagas/{definition}", "/sagas/ended", 422, "too-deep",
            new string('[', 65) + new string(']', 65)),
    ];

    private static Refusal[] Reads =>
    [
        Get("/sagas", "/sagas?fase=doing", 400, "unknown-parameter"),
        Get("/sagas", "/sagas?limit=0", 422, "bad-parameter"),
        Get(Saga, "/sagas/none", 404, "not-found"),
        Get(Saga + "/ledgers", "/sagas/none/ledgers", 404, "not-found"),
        Get(Saga + "/history", "/sagas/none/history", 404, "not-found"),
        Get(Saga + "/events", "/sagas/none/events", 404, "not-found"),
        Get(Saga + "/events", "/sagas/DOING/events", 400, "bad-parameter") with { Header = ("Last-Event-ID", "x") },
        Get("/events", "/events", 400, "bad-parameter") with { Header = ("Last-Event-ID", "-1") },
        Get("/definitions/{name}", "/definitions/none", 404, "not-found"),
        Get("/definitions/{name}/versions", "/definitions/none/versions", 404, "not-found"),
        Get("/definitions/{name}/{version}", "/definitions/ended/2", 404, "not-found"),
        Get("/participants/{name}", "/participants/none", 404, "not-found"),
        Get("/batches", "/batches?state=done", 400, "unknown-parameter"),
        Get("/batches", "/batches?limit=501", 422, "bad-parameter"),
        Get("/batches/{id}", "/batches/none", 404, "not-found"),
        Get("/batches/{id}/results", "/batches/none/results", 404, "not-found"),
        Get("/batches/{id}/results", "/batches/BATCH/results?outcome=failed", 400, "unknown-parameter"),
        Get("/batches/{id}/results", "/batches/BATCH/results?limit=x", 422, "bad-parameter"),
        Get("/batches/{id}/results", "/batches/BATCH/results?result=good", 422, "bad-parameter"),
        Get("/audit", "/audit?who=alice", 400, "unknown-parameter"),
        Get("/audit", "/audit?cursor=x", 422, "bad-parameter"),
    ];

    private static IEnumerable<Refusal> Verbs =>
    [
        .. ((string[])["/cancel", "/retry", "/suspend", "/resume"]).SelectMany(verb => (Refusal[])
        [
            .. Common(Saga + verb, "{}"),
            Post(Saga + verb, "/sagas/ENDED" + verb, 409, "finished"),
        ]),
        Post(Saga + "/cancel", "/sagas/PAYING/cancel", 409, "past-the-point-of-no-return"),
        new("DELETE /sagas/{id}", "/sagas/none", 404, "not-found", null),
        new("DELETE /sagas/{id}", "/sagas/ENDED", 400, "actor-required", null) { HasActor = false },
        new("DELETE /sagas/{id}", "/sagas/DOING", 409, "still-running", null),
        new("DELETE /sagas/{id}", "/sagas/OWED", 409, "unverified", null),
    ];

    private static IEnumerable<Refusal> Extends =>
    [
        .. Common(Saga + "/extend", Later),
        Post(Saga + "/extend", "/sagas/ENDED/extend", 409, "finished", Later),
        Post(Saga + "/extend", "/sagas/DOING/extend", 409, "not-extended", """{"deadline":"1m"}"""),
        Post(Saga + "/extend", "/sagas/DOING/extend", 422, "deadline", """{"deadline":"soon"}"""),
        Post(Saga + "/extend", "/sagas/TURNED/extend", 409, "not-in-this-phase", Later),
        Post(Saga + "/extend", "/sagas/PAYING/extend", 409, "past-the-point-of-no-return", Later),
    ];

    private static IEnumerable<Refusal> Resends =>
    [
        .. Common(Step + "/resend", "{}"),
        Post(Step + "/resend", "/sagas/DOING/steps/none/resend", 404, "not-found"),
        Post(Step + "/resend", "/sagas/ENDED/steps/quick/resend", 409, "finished"),
        Post(Step + "/resend", "/sagas/DOING/steps/three/resend", 409, "nothing-to-resend"),
        Post(Step + "/resend", "/sagas/DOING/steps/three/resend", 409, "not-sent", Data),
        Post(Step + "/resend", "/sagas/DOING/steps/one/resend", 409, "already-answered", Data),
        Post(Step + "/resend", "/sagas/TURNED/steps/taken/resend", 409, "not-in-this-phase", Data),
    ];

    private static IEnumerable<Refusal> Resolves =>
    [
        .. Common(Step + "/resolve", Done),
        Post(Step + "/resolve", "/sagas/DOING/steps/none/resolve", 404, "not-found", Done),
        Post(Step + "/resolve", "/sagas/ENDED/steps/quick/resolve", 409, "finished", Done),
        Post(Step + "/resolve", "/sagas/PAYING/steps/pay/resolve", 409, "ask-the-ledger", Done),
        Post(Step + "/resolve", "/sagas/CHARGING/steps/charge/resolve", 409, "no-ledger", Undone),
        Post(Step + "/resolve", "/sagas/SHIPPING/steps/bill/resolve", 409, "not-sent", Done),
        Post(Step + "/resolve", "/sagas/TURNED/steps/never/resolve", 409, "nothing-to-resolve", Undone),
        Post(Step + "/resolve", "/sagas/DOING/steps/one/resolve", 409, "not-in-this-phase", Done),
    ];

    private static IEnumerable<Refusal> Reruns =>
    [
        .. Common(Saga + "/rerun", "{}"),
        Post(Saga + "/rerun", "/sagas/ENDED/rerun", 400, "bad-idempotency-key") with
        {
            Header = ("Idempotency-Key", ""),
        },
        Post(Saga + "/rerun", "/sagas/ENDED/rerun", 422, "deadline", """{"deadline":"0s","force":true}"""),
        Post(Saga + "/rerun", "/sagas/DOING/rerun", 409, "still-running"),
        Post(Saga + "/rerun", "/sagas/OWED/rerun", 409, "unverified"),
        Post(Saga + "/rerun", "/sagas/ENDED/rerun", 409, "needs-force"),
        Post(Saga + "/rerun", "/sagas/AGAIN/rerun", 409, "already-rerun", """{"force":true}"""),
        Post(Saga + "/rerun", "/sagas/AGAIN/rerun", 409, "key-reused", """{"force":true,"reason":"other"}""") with
        {
            Header = ("Idempotency-Key", "rerun"),
        },
    ];

    private static Refusal[] Others =>
    [
        new("PUT /definitions/{name}", "/definitions/new", 400, "actor-required") { HasActor = false },
        new("PUT /definitions/{name}", "/definitions/new", 422, "invalid"),
        Post("/definitions/{name}/validate", "/definitions/new/validate", 422, "invalid"),
        .. Tries("/definitions/{name}/try", "/definitions/none/try", "/definitions/ended/try"),
        .. Tries("/definitions/{name}/{version}/try", "/definitions/ended/9/try", "/definitions/ended/1/try"),
        new("PUT /participants/{name}", "/participants/shop", 400, "actor-required") { HasActor = false },
        new("PUT /participants/{name}", "/participants/shop", 400, "malformed", "{"),
        new("PUT /participants/{name}", "/participants/shop", 422, "invalid", """{"concurrency":0}"""),
        .. Common("/participants/{name}/retry", "{}", "/participants/shop/retry"),
        Post("/participants/{name}/retry", "/participants/none/retry", 404, "not-found"),
        Post("/participants/{name}/retry", "/participants/shop/retry?d=x", 400, "unknown-parameter"),
        .. Common("/participants/retry", "{}", "/participants/retry"),
        Post("/participants/retry", "/participants/retry?definition=none", 404, "not-found"),
        .. Common("/batches", """{"filter":{},"verb":"retry"}""", "/batches"),
        Post("/batches", "/batches", 422, "nothing-matches", """{"filter":{"definition":"x"},"verb":"retry"}"""),
        Post("/batches", "/batches", 422, "bad-parameter", """{"filter":{"phase":"asleep"},"verb":"retry"}"""),
        Post("/batches", "/batches", 400, "unknown-parameter", """{"filter":{"fase":"x"},"verb":"retry"}"""),
        Post("/batches", "/batches", 400, "bad-idempotency-key", """{"ids":["x"],"verb":"retry"}""") with
        {
            Header = ("Idempotency-Key", ""),
        },
        Post("/batches", "/batches", 409, "key-reused", """{"ids":["other"],"verb":"retry"}""") with
        {
            Header = ("Idempotency-Key", "batch"),
        },
        .. Common("/batches/{id}/stop", "{}", "/batches/BATCH/stop"),
        Post("/batches/{id}/stop", "/batches/none/stop", 404, "not-found"),
        Post("/batches/{id}/stop", "/batches/BATCH/stop", 409, "finished"),
        .. Common("/alerts/test", "{}", "/alerts/test"),
    ];

    private static string Later => """{"deadline":"30m"}""";

    private static string Data => """{"data":{"other":1}}""";

    private static string Done => """{"as":"done"}""";

    private static string Undone => """{"as":"undone"}""";

    /// <summary>
    /// What every verb refuses; <paramref name="path" /> is one that would be taken, a saga's by default.
    /// </summary>
    private static IEnumerable<Refusal> Common(string pattern, string body, string? path = null)
    {
        var open = path ?? pattern.Replace("{id}", "DOING", StringComparison.Ordinal)
            .Replace("{step}", "two", StringComparison.Ordinal);
        yield return Post(pattern, open, 400, "malformed", "{");
        yield return Post(pattern, open, 400, "actor-required", body) with { HasActor = false };
        yield return Post(pattern, open, 422, "invalid", "[]");
        yield return Post(pattern, open, 422, "invalid", """{"reson":"typo"}""");
        if (path is null)
            yield return Post(pattern, open.Replace("DOING", "none", StringComparison.Ordinal), 404, "not-found", body);
    }

    private static Refusal[] Tries(string pattern, string unknown, string known) =>
    [
        Post(pattern, unknown, 404, "not-found"),
        Post(pattern, known, 400, "malformed", "{"),
        Post(pattern, known, 422, "invalid", """{"inptu":1}"""),
    ];

    private static Refusal Get(string pattern, string path, int status, string code) =>
        new("GET " + pattern, path, status, code, null);

    private static Refusal Post(string pattern, string path, int status, string code, string body = "{}") =>
        new("POST " + pattern, path, status, code, body);
}

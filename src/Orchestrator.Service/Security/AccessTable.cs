namespace Orchestrator.Service.Security;

/// <summary>Which role each address needs, in one place. What is not named here needs an admin.</summary>
internal static class AccessTable
{
    /// <summary>Where the pages' files are.</summary>
    private const string Assets = "/assets/";

    private const string Batches = "/batches";

    private static readonly string[] Open = ["/", "/healthz", "/readyz", "/saga/replies", "/dapr/subscribe"];
    private static readonly string[] Harmless =
        ["/definitions/{name}/validate", "/definitions/{name}/try", "/definitions/{name}/{version}/try"];

    /// <summary>
    /// Addresses that <c>definition=</c> narrows to one definition. Every other one ignores it or does not know it, so
    /// there it says nothing about what is asked for.
    /// </summary>
    private static readonly string[] Narrowed =
        ["/sagas", "/audit", "/participants/retry", "/participants/{name}/retry"];

    /// <summary>What an operator may do beside the verbs of sagas.</summary>
    private static readonly string[] Operations =
        ["/participants/retry", "/participants/{name}/retry", "/alerts/test"];

    /// <summary>
    /// True for what anybody may ask: the pages without data, health, and what a sidecar delivers with a token of its
    /// own.
    /// </summary>
    public static bool IsOpen(HttpContext http) =>
        PatternOf(http) is { } pattern
        && (Open.Contains(pattern) || pattern.StartsWith(Assets, StringComparison.Ordinal));

    /// <summary>The role a request needs; null when any token will do.</summary>
    public static SagaRole? RoleOf(HttpContext http)
    {
        var pattern = PatternOf(http) ?? "";
        var method = http.Request.Method;
        if (pattern == "/whoami") return null;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) return SagaRole.Viewer;
        if (!HttpMethods.IsPost(method)) return SagaRole.Admin;
        if (pattern == "/sagas/{definition}") return SagaRole.Starter;
        if (Harmless.Contains(pattern)) return SagaRole.Viewer;
        return pattern.StartsWith("/sagas/{id}/", StringComparison.Ordinal) || Operations.Contains(pattern)
            || JudgesEachSaga(http)
            ? SagaRole.Operator
            : SagaRole.Admin;
    }

    /// <summary>True for batches, which ask for the role of each of their sagas.</summary>
    public static bool JudgesEachSaga(HttpContext http) => PatternOf(http) is { } pattern
        && (pattern == Batches || pattern.StartsWith(Batches + "/", StringComparison.Ordinal));

    /// <summary>True where <c>definition=</c> is what a request is about.</summary>
    public static bool IsNarrowed(HttpContext http) => PatternOf(http) is { } pattern && Narrowed.Contains(pattern);

    private static string? PatternOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
}

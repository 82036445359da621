namespace Orchestrator.Service.Api.Problems;

/// <summary>Values of <c>code</c> in the service's own problems. Source: docs/api.md.</summary>
internal static class ProblemCodes
{
    public const string Malformed = "malformed";
    public const string UnknownParameter = "unknown-parameter";
    public const string BadParameter = "bad-parameter";
    public const string BadIdempotencyKey = "bad-idempotency-key";
    public const string ActorRequired = "actor-required";
    public const string NotFound = "not-found";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string KeyReused = "key-reused";
    public const string TooLarge = "too-large";
    public const string UnsupportedMediaType = "unsupported-media-type";
    public const string TooDeep = "too-deep";
    public const string Invalid = "invalid";
    public const string Unavailable = "unavailable";
    public const string OwnerLost = "owner-lost";
    public const string NotReady = "not-ready";
    public const string NotAlive = "not-alive";
    public const string TooManyStreams = "too-many-streams";
    public const string Internal = "internal";
    public const string BadRequest = "bad-request";
    public const string Unauthenticated = "unauthenticated";
    public const string TooManySagas = "too-many-sagas";
    public const string TooManyBatches = "too-many-batches";
    public const string NothingMatches = "nothing-matches";
    public const string Forbidden = "forbidden";
    public const string TooManyRequests = "too-many-requests";
}

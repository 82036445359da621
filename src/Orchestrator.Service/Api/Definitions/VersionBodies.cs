namespace Orchestrator.Service.Api.Definitions;

/// <summary>Every version of a definition, the newest first.</summary>
internal sealed record VersionsBody(IReadOnlyList<VersionBody> Items);

/// <summary>
/// A version; <paramref name="Live" /> of its <paramref name="Total" /> stored sagas have not ended.
/// </summary>
internal sealed record VersionBody(int Version, DateTimeOffset StoredAt, string? Actor, long Live, long Total);

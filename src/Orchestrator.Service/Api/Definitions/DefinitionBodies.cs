using Orchestrator.Contract;

namespace Orchestrator.Service.Api.Definitions;

/// <summary>The newest version of every definition.</summary>
internal sealed record DefinitionListBody(IReadOnlyList<DefinitionLineBody> Items);

/// <summary>
/// A line of that list. <paramref name="Actor" /> stored the newest version, null when that was not yet recorded;
/// <paramref name="Versions" /> are all that are stored, rising.
/// </summary>
internal sealed record DefinitionLineBody(
    string Name, int Version, DateTimeOffset StoredAt, string? Actor, IReadOnlyList<int> Versions);

/// <summary>
/// A stored version. <paramref name="Actor" /> stored it, null when that was not yet recorded;
/// <paramref name="Definition" /> is its canonical form, every default written out.
/// </summary>
internal sealed record DefinitionBody(
    string Name, int Version, DateTimeOffset StoredAt, string? Actor, JsonData Definition);

/// <summary>Answer to a PUT.</summary>
internal sealed record DefinitionPutBody(string Name, int Version);

/// <summary>Answer to a validation that found nothing.</summary>
internal sealed record DefinitionValidBody(bool Valid, string Name, IReadOnlyList<ProblemLine> Problems);

/// <summary>
/// Never filled in a valid answer; there so that both answers of a validation have the same property.
/// </summary>
internal sealed record ProblemLine(int? Line, string Path, string Message);

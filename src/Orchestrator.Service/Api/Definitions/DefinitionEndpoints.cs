using System.Diagnostics;
using System.Globalization;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Definitions;

/// <summary>Stores, checks and shows definitions.</summary>
internal sealed class DefinitionEndpoints(
    IDefinitionCatalog catalog, DefinitionCheck check, ISagaQueries queries)
{
    /// <summary><c>PUT /definitions/{name}</c>.</summary>
    public async Task<IResult> PutAsync(HttpContext http, string name)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        var (read, problem) = await ReadAsync(http, name);
        if (read?.Definition is not { } definition) return problem!;
        return await catalog.PutAsync(definition, PutDefinitionMode.UnlessNewest, actor, http.RequestAborted) switch
        {
            PutDefinitionOutcome.Stored stored => Put(http, StatusCodes.Status201Created, stored.Definition),
            PutDefinitionOutcome.Known known => Put(http, StatusCodes.Status200OK, known.Definition),
            PutDefinitionOutcome.AddressDiffers differs => Invalid(check.AddressDiffers(read, differs.Participants)),
            PutDefinitionOutcome.Unavailable unavailable =>
                Problem.Unavailable(ProblemCodes.Unavailable, unavailable.Text),
            var other => throw new UnreachableException($"Unknown outcome {other.GetType().Name}."),
        };
    }

    /// <summary><c>POST /definitions/{name}/validate</c>.</summary>
    public async Task<IResult> ValidateAsync(HttpContext http, string name)
    {
        var (read, problem) = await ReadAsync(http, name);
        if (read?.Definition is not { } definition) return problem!;
        return JsonAnswer.Ok(new DefinitionValidBody(true, definition.Name, []), WireJson.Types.DefinitionValidBody);
    }

    /// <summary><c>GET /definitions</c>.</summary>
    public IResult List()
    {
        var lines = catalog.List()
            .GroupBy(stored => stored.Definition.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Line(group.OrderBy(stored => stored.Definition.Version).ToArray()));
        return JsonAnswer.Ok(new DefinitionListBody([.. lines]), WireJson.Types.DefinitionListBody);
    }

    /// <summary><c>GET /definitions/{name}[/{version}]</c>.</summary>
    public IResult Get(string name, string? version)
    {
        var number = 0;
        if (version is not null && !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return Unknown();
        if (catalog.Find(name, version is null ? null : number) is not { } found) return Unknown();
        var stored = catalog.List()
            .First(line => line.Definition.Name == name && line.Definition.Version == found.Version);
        return JsonAnswer.Ok(
            new DefinitionBody(name, found.Version, stored.StoredAt, stored.Actor, DefinitionJson.Write(found)),
            WireJson.Types.DefinitionBody);
    }

    /// <summary><c>GET /definitions/{name}/versions</c>.</summary>
    public async Task<IResult> VersionsAsync(string name, CancellationToken cancel)
    {
        var versions = catalog.List().Where(stored => stored.Definition.Name == name)
            .OrderByDescending(stored => stored.Definition.Version).ToArray();
        if (versions.Length == 0) return Unknown();
        var counts = await queries.CountVersionsAsync(name, cancel);
        return JsonAnswer.Ok(
            new VersionsBody([.. versions.Select(stored => VersionOf(stored, counts))]), WireJson.Types.VersionsBody);
    }

    private static VersionBody VersionOf(StoredDefinition stored, IReadOnlyList<VersionCount> counts)
    {
        var version = stored.Definition.Version;
        var count = counts.FirstOrDefault(line => line.Version == version);
        return new VersionBody(version, stored.StoredAt, stored.Actor, count?.Live ?? 0, count?.Total ?? 0);
    }

    private async Task<(CheckedDefinition? Read, Problem? Problem)> ReadAsync(HttpContext http, string name)
    {
        if (!DefinitionMedia.TryRead(http.Request.ContentType, out var format))
            return (null, BodyProblems.WrongType(http.Request.ContentType, "application/yaml or application/json"));
        var body = await BodyReader.ReadAsync(http.Request, ServiceLimits.BodyBytes, http.RequestAborted);
        if (body.Problem is { } tooLarge) return (null, tooLarge);
        var read = check.Read(body.Bytes, format, name);
        return read.Definition is null ? (null, Invalid(read.Problems)) : (read, null);
    }

    private static Problem Invalid(IReadOnlyList<DefinitionProblem> problems) => Problem.Invalid(
        ProblemCodes.Invalid,
        problems.Count == 1
            ? $"The definition is wrong, so it was not stored: {problems[0].Message}"
            : $"The definition is wrong in {problems.Count} places, so it was not stored. Correct all of \"problems\".",
        [.. problems.Select(
            problem => new ProblemItem(problem.Line == 0 ? null : problem.Line, problem.Path, problem.Message))]);

    private static JsonAnswer<DefinitionPutBody> Put(HttpContext http, int status, SagaDefinition definition)
    {
        http.Response.Headers.Location =
            string.Create(CultureInfo.InvariantCulture, $"/definitions/{definition.Name}/{definition.Version}");
        return new JsonAnswer<DefinitionPutBody>(
            status, new DefinitionPutBody(definition.Name, definition.Version), WireJson.Types.DefinitionPutBody);
    }

    private static DefinitionLineBody Line(StoredDefinition[] versions) => new(
        versions[^1].Definition.Name,
        versions[^1].Definition.Version,
        versions[^1].StoredAt,
        versions[^1].Actor,
        [.. versions.Select(stored => stored.Definition.Version)]);

    private static Problem Unknown() =>
        Problem.NotFound("There is no such definition or version. GET /definitions lists what there is.");
}

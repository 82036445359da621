using System.Text.Json;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Participants;

/// <summary>Shows and changes where participants are reached.</summary>
internal sealed class ParticipantEndpoints(
    IParticipantRegistry registry, IParticipantCaller caller, ParticipantHosts hosts, ParticipantTokens tokens)
{
    private static readonly string[] Known = ["url", "app", "via", "concurrency", "paused", "retry"];

    /// <summary><c>GET /participants</c>.</summary>
    public IResult List() => JsonAnswer.Ok(
        new ParticipantListBody([.. registry.List().Select(Show)]), WireJson.Types.ParticipantListBody);

    /// <summary><c>GET /participants/{name}</c>.</summary>
    public IResult Get(string name) => registry.Find(name) is { } entry
        ? JsonAnswer.Ok(Show(entry), WireJson.Types.ParticipantBody)
        : Problem.NotFound("No participant of this name is registered. GET /participants lists them.");

    /// <summary><c>PUT /participants/{name}</c>: what is left out stays as it is.</summary>
    public async Task<IResult> PutAsync(HttpContext http, string name)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        if (!BodyReader.IsJson(http.Request.ContentType))
            return BodyProblems.WrongType(http.Request.ContentType, "application/json");
        var body = await BodyReader.ReadAsync(http.Request, ServiceLimits.SmallBodyBytes, http.RequestAborted);
        if ((body.Problem ?? JsonCheck.Check(body.Bytes)) is { } bad) return bad;
        var problems = new List<ProblemItem>();
        var before = registry.Find(name);
        using var document = JsonDocument.Parse(body.Bytes);
        var entry = Read(name, before, new BodyFields(document.RootElement, Known, problems), problems);
        if (problems.Count > 0 || entry is null)
            return Problem.Invalid(ProblemCodes.Invalid, $"Nothing was changed: {problems[0].Message}", problems);
        await registry.PutAsync(entry, actor, http.RequestAborted);
        return new JsonAnswer<ParticipantBody>(
            before is null ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            Show(entry),
            WireJson.Types.ParticipantBody);
    }

    private ParticipantEntry? Read(
        string name, ParticipantEntry? before, BodyFields fields, List<ProblemItem> problems)
    {
        var url = fields.Text("url", DefinitionLimits.UrlLength);
        var app = fields.Text("app", DefinitionLimits.NameLength);
        var via = fields.Text("via", DefinitionLimits.NameLength);
        var concurrency = fields.Number("concurrency", 1, ParticipantEntry.MaxConcurrency)
            ?? before?.Concurrency ?? ParticipantEntry.DefaultConcurrency;
        var paused = fields.Flag("paused") ?? before?.Paused ?? false;
        var retry = fields.Has("retry") ? ReadRetry(fields) : before?.Retry;
        if (problems.Count > 0) return null;
        if (url is null && app is null && before is not null)
        {
            // The address stays; "via" alone changes the way to it.
            url = before.Url?.OriginalString;
            app = before.App;
            via ??= before.ViaPubSub ? "pubsub" : null;
        }

        var read = DefinitionRules.CheckParticipant(name, url, app, via);
        foreach (var problem in read.Problems) fields.Add(problem.Path, problem.Message);
        if (read.Participant is not { } participant) return null;
        if (hosts.WhyNot(participant.Url) is { } forbidden)
        {
            fields.Add("url", forbidden);
            return null;
        }

        if (caller.WhyNot(participant) is { } why)
        {
            fields.Add(participant.ViaPubSub ? "via" : "app", why);
            return null;
        }

        return new ParticipantEntry(
            name, participant.Url, participant.App, participant.ViaPubSub, concurrency, paused, retry);
    }

    private static RetryOverride? ReadRetry(BodyFields fields)
    {
        if (fields.Data("retry") is not { } data) return null;
        var (retry, wrong) = RetryOverrideJson.Check(data);
        foreach (var problem in wrong) fields.Add(problem.Path, problem.Message);
        return retry;
    }

    private ParticipantBody Show(ParticipantEntry entry) => new(
        entry.Name,
        entry.Url?.ToString().TrimEnd('/'),
        entry.App,
        entry.ViaPubSub ? "pubsub" : null,
        entry.Concurrency,
        entry.Paused,
        entry.Retry is { } retry ? RetryOverrideJson.Write(retry) : null,
        tokens.Has(entry.Name));
}

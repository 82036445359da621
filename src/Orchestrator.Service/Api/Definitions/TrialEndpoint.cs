using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Definitions;

/// <summary>
/// <c>POST /definitions/{name}[/{version}]/try</c>: maps a sample input through the steps. Calls nobody, stores
/// nothing.
/// </summary>
internal sealed class TrialEndpoint(IDefinitionCatalog catalog, TimeProvider time)
{
    private static readonly string[] Known = ["input", "outputs"];

    /// <summary>Answers what each step would be sent.</summary>
    public async Task<IResult> TryAsync(HttpContext http, string name, string? version)
    {
        if (Find(name, version) is not { } definition)
            return Problem.NotFound("There is no such definition or version. GET /definitions lists what there is.");
        if (!BodyReader.IsJson(http.Request.ContentType))
            return BodyProblems.WrongType(http.Request.ContentType, "application/json");
        var body = await BodyReader.ReadAsync(http.Request, ServiceLimits.BodyBytes, http.RequestAborted);
        if ((body.Problem ?? JsonCheck.Check(body.Bytes)) is { } bad) return bad;
        var problems = new List<ProblemItem>();
        using var document = JsonDocument.Parse(body.Bytes);
        var source = Read(document.RootElement, definition, problems);
        return problems.Count > 0
            ? Problem.Invalid(ProblemCodes.Invalid, $"Nothing was tried: {problems[0].Message}", problems)
            : JsonAnswer.Ok(Try(definition, source, Sight.Of(http).Covers(definition)), WireJson.Types.TrialBody);
    }

    private SagaDefinition? Find(string name, string? version)
    {
        if (version is null) return catalog.Find(name);
        return int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? catalog.Find(name, number)
            : null;
    }

    private SampleSource Read(JsonElement root, SagaDefinition definition, List<ProblemItem> problems)
    {
        var fields = new BodyFields(root, Known, problems);
        var input = fields.Data("input") ?? JsonData.Null;
        var outputs = new Dictionary<string, JsonData>(StringComparer.Ordinal);
        if (fields.Data("outputs") is { } given) ReadOutputs(given, definition, fields, outputs);
        return new SampleSource(input, Facts(definition), outputs);
    }

    private static void ReadOutputs(
        JsonData given, SagaDefinition definition, BodyFields fields, Dictionary<string, JsonData> outputs)
    {
        using var document = JsonDocument.Parse(given.Utf8);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            fields.Add("outputs", "\"outputs\" must be an object: a step's name, and what it would answer.");
            return;
        }

        var names = definition.Steps.Select(step => step.Name).ToArray();
        foreach (var output in document.RootElement.EnumerateObject())
        {
            if (names.Contains(output.Name)) outputs[output.Name] = JsonData.FromText(output.Value.GetRawText());
            else
                fields.Add($"outputs.{output.Name}",
                    $"There is no step of this name. {NearestName.Suggest(output.Name, names)}");
        }
    }

    private static TrialBody Try(SagaDefinition definition, SampleSource source, SecretFields? covers)
    {
        var warnings = new List<string>();
        var steps = definition.Steps.Select(step =>
        {
            var mapped = step.Input.Map(source);
            return new TrialStepBody(
                step.Name,
                step.Participant,
                Words.Of(step.Kind),
                step.Action,
                mapped.Gap is null ? covers?.OfData(step.Name, mapped.Data) ?? mapped.Data : null,
                mapped.Gap?.Query,
                [.. step.Input.ReadsStepsOf]);
        }).ToArray();
        var output = definition.Output?.Map(source);
        if (output?.Gap is { } gap)
            warnings.Add($"The output needs {gap.Query}, which is {gap.Fault}; it would be null.");
        var shown = output is { } whole ? covers?.OfSagaOutput(whole.Data) ?? whole.Data : (JsonData?)null;
        return new TrialBody(steps, shown, warnings);
    }

    // The facts of a saga that starts now; its id is made up.
    private JsonData Facts(SagaDefinition definition)
    {
        var now = time.GetUtcNow();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", new string('0', 32));
            json.WriteString("definition", definition.Name);
            json.WriteNumber("definitionVersion", definition.Version);
            json.WriteString("startedAt", Instants.Write(now));
            json.WriteString("expiresAt", Instants.Write(now + definition.Deadline));
            json.WriteNull("businessKey");
            json.WriteStartObject("tags");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new JsonData(buffer.WrittenMemory);
    }

    private sealed record SampleSource(JsonData Input, JsonData Saga, IReadOnlyDictionary<string, JsonData> Outputs)
        : IMappingSource
    {
        public JsonData? OutputOf(string step) => Outputs.TryGetValue(step, out var output) ? output : null;
    }
}

/// <summary>What a definition would do with a sample.</summary>
internal sealed record TrialBody(
    IReadOnlyList<TrialStepBody> Steps, JsonData? Output, IReadOnlyList<string> Warnings);

/// <summary>
/// What a step would be sent: <paramref name="Input" />, or <paramref name="Missing" />, the first query that finds
/// nothing in the sample. <paramref name="Uses" /> are the steps whose output it reads.
/// </summary>
internal sealed record TrialStepBody(
    string Name, string Participant, string Kind, string Action, JsonData? Input, string? Missing,
    IReadOnlyList<string> Uses);

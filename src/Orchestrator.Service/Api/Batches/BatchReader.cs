using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;
using Orchestrator.Engine;
using Orchestrator.Engine.Batches;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Api.Sagas;

namespace Orchestrator.Service.Api.Batches;

/// <summary>Reads the body of <c>POST /batches</c>.</summary>
internal sealed class BatchReader(DateTimeOffset now)
{
    private const string FilterName = "filter";
    private const string IdsName = "ids";

    private static readonly string[] Known = ["verb", "args", FilterName, IdsName, "dryRun"];

    private Problem? wrongChoice;

    /// <summary>The wish and the body's bytes, or everything that is wrong with it.</summary>
    public static async Task<(BatchWish? Wish, byte[] Bytes, Problem? Problem)> ReadAsync(
        HttpRequest request, DateTimeOffset now, CancellationToken cancel)
    {
        var reader = new BatchReader(now);
        var body = await VerbBody.ReadAsync(request, ServiceLimits.BodyBytes, Known, reader.Read, cancel);
        return (body.Value, body.Bytes, body.Problem ?? reader.wrongChoice);
    }

    private BatchWish Read(BodyFields fields, string? reason)
    {
        var verb = fields.Text("verb", ServiceLimits.BatchVerbLength);
        if (verb is null || !BatchVerbs.All.Contains(verb))
        {
            fields.Add("verb", $"\"verb\" must be one of {string.Join(", ", BatchVerbs.All)}.");
            verb = BatchVerbs.Retry;
        }

        var (args, why) = BatchArgsReader.Read(verb, fields, now);
        var (filter, ids, chosen) = Chosen(fields);
        return new BatchWish(verb, args, why ?? reason, filter, ids, chosen, fields.Flag("dryRun") ?? false);
    }

    private (SagaFilter? Filter, IReadOnlyList<string>? Ids, string Chosen) Chosen(BodyFields fields)
    {
        var (filter, ids) = (fields.Data(FilterName), fields.Data(IdsName));
        if (filter is null == ids is null)
        {
            fields.Add(FilterName, "Say either \"filter\", as GET /sagas has them, or \"ids\": which sagas.");
            return (null, [], "{}");
        }

        using var document = JsonDocument.Parse((filter ?? ids!.Value).Utf8);
        var root = document.RootElement;
        if (ids is not null) return Named(root, fields);
        if (root.ValueKind != JsonValueKind.Object)
        {
            fields.Add(FilterName, "\"filter\" must be an object with the filters of GET /sagas.");
            return (null, [], "{}");
        }

        if (root.EnumerateObject().ToList() is [{ Name: IdsName } only]) return Named(only.Value, fields);
        return (FilterOf(root, fields), null, filter!.Value.ToString());
    }

    private (SagaFilter? Filter, IReadOnlyList<string>? Ids, string Chosen) Named(JsonElement list, BodyFields fields)
    {
        var isList = list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(IsId);
        if (!isList) fields.Add(IdsName, "\"ids\" must be a list of ids of sagas.");
        else if (list.GetArrayLength() > EngineLimits.MaxBatchSagas) wrongChoice = BatchProblems.TooManySagas(IdsName);
        else if (list.GetArrayLength() == 0) fields.Add(IdsName, "\"ids\" names no saga.");
        string[] ids = isList
            ? [.. list.EnumerateArray().Select(id => id.GetString()!).Distinct(StringComparer.Ordinal)]
            : [];
        return (null, ids, string.Create(CultureInfo.InvariantCulture, $$"""{"chosen":{{ids.Length}}}"""));
    }

    private static bool IsId(JsonElement id) =>
        id.ValueKind == JsonValueKind.String && id.GetString()!.Length is > 0 and <= ServiceLimits.SagaIdLength
        && PrintableText.IsAscii(id.GetString()!);

    /// <summary>The same words as in a list's address, so that what was found is what is acted on.</summary>
    private SagaFilter FilterOf(JsonElement root, BodyFields fields)
    {
        var query = new QueryBuilder();
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name is "cursor" or "limit")
                fields.Add($"filter.{property.Name}", $"\"{property.Name}\" is of a page; a batch has all that match.");
            else if (property.Value.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False)
                query.Add(property.Name, TextOf(property.Value));
            else fields.Add($"filter.{property.Name}", "A filter's value is a text, true or false.");
        }

        wrongChoice = ListQuery.TryRead(query.ToQueryString(), now, out var filter);
        return filter;
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetString()!,
    };
}

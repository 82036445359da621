using System.Globalization;
using System.Text.Json;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Wire;

/// <summary>What came back; <see cref="Failure" /> when nothing did.</summary>
internal sealed record Reply
{
    public int Status { get; init; }

    public string? MediaType { get; init; }

    public byte[] Body { get; init; } = [];

    public string? State { get; init; }

    public string? Ledger { get; init; }

    /// <summary>The participant's clock as its HTTP server tells it, to a second.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Why no answer came.</summary>
    public string? Failure { get; init; }

    /// <summary>By the kit's clock, when the whole answer was there.</summary>
    public DateTimeOffset CameAt { get; init; }

    public JsonElement? Json => Bodies.Read(Body);

    public string? Code => MediaType == "application/problem+json" ? Bodies.Member(Json, "code") : null;

    /// <summary>"I do not know, send it again": section 4, answers.</summary>
    public bool IsUnknown => Failure is not null || Status is 408 or 425 or 429 or >= 500;

    internal static async Task<Reply> ReadAsync(
        HttpResponseMessage response, TimeProvider clock, CancellationToken cancel) => new()
        {
            Status = (int)response.StatusCode,
            MediaType = response.Content.Headers.ContentType?.MediaType,
            Body = await response.Content.ReadAsByteArrayAsync(cancel),
            State = Header(response, SagaHeaders.SagaState),
            Ledger = Header(response, SagaHeaders.SagaLedger),
            Date = response.Headers.Date,
            CameAt = clock.GetUtcNow(),
        };

    internal string Describe()
    {
        if (Failure is not null) return Failure;
        var state = State is null ? "" : $"  {SagaHeaders.SagaState}: {State}";
        var media = MediaType is null ? "" : $"  {MediaType}";
        var body = Body.Length == 0 ? "" : "  " + Bodies.Show(Body);
        return string.Create(CultureInfo.InvariantCulture, $"{Status}{state}{media}{body}");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}

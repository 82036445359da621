using System.Globalization;
using System.Text;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Wire;

/// <summary>One message to the participant: a CloudEvent in HTTP binary mode. Immutable.</summary>
internal sealed record Command
{
    public HttpMethod Method { get; init; } = HttpMethod.Post;

    /// <summary>Below the participant's base address.</summary>
    public required string Path { get; init; }

    /// <summary>Headers by name; a null is not sent.</summary>
    public required IReadOnlyDictionary<string, string?> Headers { get; init; }

    public byte[] Body { get; init; } = [];

    public string ContentType { get; init; } = "application/json";

    /// <summary>False for a message that shows no token.</summary>
    public bool ShowsToken { get; init; } = true;

    /// <summary>The same with one header set, or left out when null.</summary>
    internal Command With(string header, string? value) =>
        this with { Headers = new Dictionary<string, string?>(Headers, StringComparer.Ordinal) { [header] = value } };

    /// <summary>The same, stamped with this expiry and so much time left.</summary>
    internal Command Expiring(DateTimeOffset expiresAt, TimeSpan? remaining) =>
        With(SagaHeaders.ExpiryTime, Instants.Write(expiresAt))
            .With(SagaHeaders.SagaRemaining, remaining is { } left
                ? ((long)left.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : null);

    /// <summary>The message in a line, as a person would write it down.</summary>
    internal string Describe()
    {
        var text = new StringBuilder($"{Method} {Path}");
        foreach (var name in Shown)
        {
            if (Headers.GetValueOrDefault(name) is { } value)
                text.Append(CultureInfo.InvariantCulture, $"  {name[SagaHeaders.Prefix.Length..]}={value}");
        }

        if (Body.Length > 0) text.Append("  ").Append(Bodies.Show(Body));
        return text.ToString();
    }

    private static readonly string[] Shown =
    [
        SagaHeaders.SagaId, SagaHeaders.SagaStep, SagaHeaders.SagaKind, SagaHeaders.Time, SagaHeaders.ExpiryTime,
        SagaHeaders.SagaRemaining,
    ];
}

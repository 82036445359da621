using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;

namespace Orchestrator.Dapr.Translating;

/// <summary>What <c>dapr workflow</c> shows of a saga as the instance's custom status.</summary>
internal sealed record SagaStatus
{
    /// <summary>The saga's phase, as the API writes it; null when the instance is no saga's.</summary>
    public string? Phase { get; init; }

    /// <summary>When it must have ended.</summary>
    public string? ExpiresAt { get; init; }

    /// <summary>A person should look.</summary>
    public bool? Stuck { get; init; }

    /// <summary>Paused.</summary>
    public bool? Suspended { get; init; }

    /// <summary>A confirmed participant owes an undo.</summary>
    public bool? InDoubt { get; init; }

    /// <summary>Why it went back, what holds it, or why the instance does nothing.</summary>
    public string? Reason { get; init; }

    /// <summary>The saga, in an instance that has another id.</summary>
    public string? Saga { get; init; }

    /// <summary>The instance that takes over.</summary>
    public string? ContinuedBy { get; init; }

    /// <summary>Of a saga.</summary>
    public static SagaStatus Of(StartedSaga saga) => new()
    {
        Phase = saga.Phase().ToString().ToLowerInvariant(),
        ExpiresAt = Instants.Write(saga.ExpiresAt),
        Stuck = saga.IsStuck() ? true : null,
        Suspended = saga.Suspended ? true : null,
        InDoubt = saga.IsInDoubt() ? true : null,
        Reason = saga.Reason() is { } reason ? $"{reason.Code}: {reason.Text}" : null,
    };

    /// <summary>The JSON the sidecar shows.</summary>
    public string Write() => JsonSerializer.Serialize(this, PayloadJson.Default.SagaStatus);
}

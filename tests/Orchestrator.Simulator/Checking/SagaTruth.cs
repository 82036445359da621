using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Simulator.Checking;

/// <summary>What is known for sure of one saga: the fold of what is on disk.</summary>
internal sealed class SagaTruth(SagaState before)
{
    /// <summary>The fold.</summary>
    public SagaState State { get; set; } = before;

    /// <summary>Its definition.</summary>
    public SagaDefinition Definition => State.Definition;

    /// <summary>The fold once it has started.</summary>
    public StartedSaga? Saga => State as StartedSaga;

    /// <summary>Somebody was told that it has started.</summary>
    public bool IsPromised { get; set; }

    /// <summary>It was deleted after its end.</summary>
    public bool IsPurged { get; set; }

    /// <summary>True once its pivot has run.</summary>
    public bool PivotHasRun { get; set; }

    /// <summary>A person has given a word for one of its steps.</summary>
    public bool IsResolved { get; set; }

    /// <summary>The latest expiry it ever had or asked its participants for.</summary>
    public DateTimeOffset LatestExpiry { get; private set; }

    /// <summary>It has this expiry, or has asked for it.</summary>
    public void MayExpireAt(DateTimeOffset expiresAt)
    {
        if (expiresAt > LatestExpiry) LatestExpiry = expiresAt;
    }
}

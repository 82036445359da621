namespace Orchestrator.Participant.PubSub;

/// <summary>What the sidecar is told about an event it delivered.</summary>
internal enum Delivery
{
    /// <summary>It is done with, and its answer is in the outbox.</summary>
    Taken,

    /// <summary>It could not be taken now; deliver it again.</summary>
    Again,

    /// <summary>It will never be taken. A dead-letter topic gets it when there is one.</summary>
    Dropped,
}

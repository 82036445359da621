namespace Orchestrator.Contract;

/// <summary>The topics of events over a broker. Source: docs/protocol.md section 5.</summary>
public static class SagaTopics
{
    /// <summary>Where participants answer.</summary>
    public const string Replies = "saga.replies";

    /// <summary>Where the orchestrator tells that sagas started and ended; nothing depends on it.</summary>
    public const string Facts = "saga.facts";

    /// <summary>Where a participant takes its commands.</summary>
    public static string Commands(string participant) => "saga." + participant;
}

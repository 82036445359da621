namespace Orchestrator.Participant;

/// <summary>
/// Options of a participant that takes commands over a broker. Checked when the host starts; the error names the
/// option.
/// </summary>
public sealed class SagaSubscriptionOptions
{
    /// <summary>
    /// The participant's name in definitions: its commands come on the topic <c>saga.{participant}</c>. Required;
    /// letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 100 characters.
    /// </summary>
    public string Participant { get; set; } = "";

    /// <summary>Name of the pub/sub component; default <c>pubsub</c>.</summary>
    public string PubSub { get; set; } = "pubsub";

    /// <summary>
    /// True (default): answers are published through the sidecar and deleted once the broker has them. False: they stay
    /// in the table <c>saga_outbox</c> for Debezium's outbox event router, and are deleted after the retention.
    /// </summary>
    public bool RelayReplies { get; set; } = true;

    /// <summary>
    /// The sidecar's HTTP address. Null (default): <c>DAPR_HTTP_ENDPOINT</c> of the configuration, or
    /// <c>DAPR_HTTP_PORT</c> (else 3500) on this machine.
    /// </summary>
    public Uri? SidecarAddress { get; set; }

    /// <summary>
    /// The token the sidecar wants. Null (default): <c>DAPR_API_TOKEN</c> of the configuration, or none.
    /// </summary>
    public string? SidecarToken { get; set; }

    /// <summary>
    /// Longest pause before an unreachable broker is tried again; default 5 s, from 100 ms to 5 minutes.
    /// </summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);
}

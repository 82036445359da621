namespace Orchestrator.Service.Api.Alerts;

/// <summary>Whom the service tells when a saga wants a person.</summary>
internal sealed record AlertListBody(IReadOnlyList<AlertTargetBody> Items);

/// <summary>A target of alerts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Its address; for those who are no admin the host alone, for addresses may carry secrets.</param>
/// <param name="On">What it is told of.</param>
/// <param name="LastDeliveryAt">When it last took something; null when it never did.</param>
/// <param name="FailingSince">Since when nothing arrives; null while it does.</param>
/// <param name="LastError">Why; null while it arrives.</param>
/// <param name="Waiting">How much it has not taken.</param>
internal sealed record AlertTargetBody(
    string Name, string Url, IReadOnlyList<string> On, DateTimeOffset? LastDeliveryAt, DateTimeOffset? FailingSince,
    string? LastError, long Waiting);

/// <summary>What became of a test.</summary>
internal sealed record AlertTestBody(IReadOnlyList<AlertTriedBody> Targets);

/// <summary>What became of a test of one target.</summary>
/// <param name="Name">Which.</param>
/// <param name="Delivered">True when it was taken.</param>
/// <param name="Status">The HTTP status of its answer; null when there was none.</param>
/// <param name="Text">The same in a sentence.</param>
internal sealed record AlertTriedBody(string Name, bool Delivered, int? Status, string Text);

/// <summary>How alerts are.</summary>
/// <param name="Configured">How many targets there are.</param>
/// <param name="Failing">How many of them nothing arrives at.</param>
internal sealed record AlertFiguresBody(int Configured, int Failing);

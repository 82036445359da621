namespace Shop.Serving;

/// <summary>Everything a service of the shop logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Step} {Command} of saga {SagaId} (attempt {Attempt}): {Status}, {State}")]
    internal static partial void Answered(
        ILogger logger, string step, string command, string sagaId, string attempt, int status, string state);

    [LoggerMessage(2, LogLevel.Information,
        "{Step} of saga {SagaId} was refused here and its expiry {ExpiresAt} has passed: it is over, "
        + "whether or not anybody heard. Whatever comes late is refused.")]
    internal static partial void KnowsItIsOver(ILogger logger, string step, string sagaId, string expiresAt);

    [LoggerMessage(3, LogLevel.Information,
        "{Step} {Command} of saga {SagaId} came after the expiry {ExpiresAt}: refused with {Status}, {State}")]
    internal static partial void CameLate(
        ILogger logger, string step, string command, string sagaId, string expiresAt, int status, string state);

    [LoggerMessage(4, LogLevel.Information,
        "{Step} of saga {SagaId} has expired and nobody confirmed it: it is undone here, without anybody's help.")]
    internal static partial void UndoesByItself(ILogger logger, string step, string sagaId);

    [LoggerMessage(5, LogLevel.Information,
        "{Step} {Command} of saga {SagaId} (attempt {Attempt}) came over the broker: {State}")]
    internal static partial void CameOverTheBroker(
        ILogger logger, string step, string command, string sagaId, string attempt, string state);
}

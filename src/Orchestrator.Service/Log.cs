namespace Orchestrator.Service;

/// <summary>Everything the service itself logs.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 1, Level = LogLevel.Error, Message = "{Method} {Path} failed; the caller was told nothing but that.")]
    public static partial void RequestFailed(this ILogger logger, string method, PathString path, Exception exception);

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Information,
        Message = "The {Engine} engine runs on {Place}; definition files come from {DefinitionsFolder}.")]
    public static partial void Configured(
        this ILogger logger, string engine, string place, string definitionsFolder);

    [LoggerMessage(
        EventId = 3, Level = LogLevel.Information, Message = "Stored definition {Name} version {Version} from {File}.")]
    public static partial void DefinitionStored(this ILogger logger, string name, int version, string file);

    [LoggerMessage(
        EventId = 4,
        Level = LogLevel.Warning,
        Message = "Participant {Participant} at {Host} is called without a token, so whoever reaches it may command "
            + "it. Configure Orchestrator:Security:ParticipantTokens:{Participant}.")]
    public static partial void NoParticipantToken(this ILogger logger, string participant, string host);

    [LoggerMessage(
        EventId = 5,
        Level = LogLevel.Error,
        Message = "The token of participant {Participant} cannot be read from {File}; the last one read counts.")]
    public static partial void ParticipantTokenUnreadable(this ILogger logger, string participant, string file);

    [LoggerMessage(
        EventId = 7,
        Level = LogLevel.Warning,
        Message = "APP_API_TOKEN is not set, so answers over the broker are taken from a sidecar on this machine "
            + "alone. Set it for the sidecar and the service where they are apart, or requests pass a proxy on this "
            + "machine.")]
    public static partial void SidecarWithoutToken(this ILogger logger);

    [LoggerMessage(
        EventId = 6, Level = LogLevel.Information, Message = "Telemetry goes out by OTLP: {Signals}.")]
    public static partial void TelemetryGoesOut(this ILogger logger, string signals);
}

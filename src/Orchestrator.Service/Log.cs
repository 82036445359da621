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
}

using Microsoft.Extensions.Logging;

namespace Orchestrator.Embedded;

/// <summary>What the embedded engine alone logs.</summary>
internal sealed partial class Log(ILogger<Log> logger)
{
    [LoggerMessage(10, LogLevel.Error, "A call to {Participant} met an error of the caller's own.")]
    public partial void CallerBroke(string participant, Exception exception);

    [LoggerMessage(11, LogLevel.Information, "Engine stopped; {Calls} calls under way were left for the next start.")]
    public partial void Stopped(long calls);
}

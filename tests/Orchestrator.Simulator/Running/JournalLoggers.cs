using Microsoft.Extensions.Logging;

namespace Orchestrator.Simulator.Running;

/// <summary>
/// What the product writes for people goes into the trace. A critical line is an error of the product's own, which no
/// fault of the world may cause.
/// </summary>
internal sealed class JournalLoggers(SimulatedProcess process, Journal journal) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) =>
        logLevel >= LogLevel.Critical || (journal.IsRead && logLevel >= LogLevel.Information);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!process.IsAlive) return;
        if (logLevel >= LogLevel.Critical) journal.Wrong("engine", $"{formatter(state, exception)} {exception}");
        else if (IsEnabled(logLevel))
            journal.Tell($"{process.Name}: {formatter(state, exception)} {exception?.Message}");
    }

    public void Dispose()
    {
    }
}

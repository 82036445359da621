namespace Orchestrator.SystemTests.Harness;

/// <summary>Time that passes between two acts of a user or of fate; nothing is waited for by it.</summary>
internal static class Pause
{
    internal static Task OfAsync(int milliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);

    internal static Task UntilAsync(DateTimeOffset instant)
    {
        var left = instant - TimeProvider.System.GetUtcNow();
        return left > TimeSpan.Zero ? Task.Delay(left, TimeProvider.System) : Task.CompletedTask;
    }
}

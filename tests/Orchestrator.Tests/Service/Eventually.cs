namespace Orchestrator.Tests.Service;

/// <summary>Waits for what another thread is about to do, without sleeping and not for ever.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> isSo, string what) => TrueAsync(() => Task.FromResult(isSo()), what);

    public static async Task TrueAsync(Func<Task<bool>> isSo, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            TimeProvider.System.GetElapsedTime(since).Should().BeLessThan(Patience, what);
            await Task.Yield();
        }
    }
}

namespace Orchestrator.SystemTests.Harness;

/// <summary>Waits for what becomes true in another process.</summary>
internal static class Eventually
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads until it is as expected; fails with what was read last.</summary>
    internal static async Task BecomesAsync<T>(T expected, TimeSpan within, Func<Task<T>> read, string because = "")
    {
        var until = TimeProvider.System.GetUtcNow() + within;
        while (true)
        {
            var isOver = TimeProvider.System.GetUtcNow() > until;
            object? found;
            try
            {
                found = await read();
            }
            catch (HttpRequestException unreachable)
            {
                found = unreachable.Message;
            }

            if (Equals(found, expected)) return;
            if (isOver) found.Should().Be(expected, $"{because} within {within}");
            await Task.Delay(LookEvery, TimeProvider.System);
        }
    }
}

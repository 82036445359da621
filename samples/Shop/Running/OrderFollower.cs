namespace Shop.Running;

/// <summary>
/// Tells, while the shop is open, of every saga that starts and ends, and of every program that dies.
/// </summary>
internal sealed class OrderFollower(ShopCluster cluster)
{
    // What is told at once, and how many sagas are remembered as told.
    private const int Page = 50;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<string, string> told = new(StringComparer.Ordinal);
    private readonly HashSet<int> dead = [];

    internal async Task FollowAsync(CancellationToken cancel)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        using var timer = new PeriodicTimer(LookEvery, TimeProvider.System);
        await LookAsync(client, tell: false, cancel);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            TellOfTheDead();
            await LookAsync(client, tell: true, cancel);
        }
    }

    private void TellOfTheDead()
    {
        foreach (var program in ShopPorts.Programs)
        {
            var child = cluster[program];
            if (!child.Ended.IsCompleted || !dead.Add(child.Id)) continue;
            Console.WriteLine(
                $"{child} has ended with code {child.Ended.Result}. The others go on. To bring it back, type in "
                + "another window:");
            Console.WriteLine($"  {cluster.CommandFor(program)}");
        }
    }

    private async Task LookAsync(HttpClient client, bool tell, CancellationToken cancel)
    {
        try
        {
            var page = await client.GetFromJsonAsync<SagaPage>(
                new Uri(cluster.AddressOf(ShopPorts.Orchestrator), $"/sagas?limit={Page}"), cancel);
            foreach (var saga in page!.Items.Reverse()) Tell(saga, tell);
        }
        catch (HttpRequestException)
        {
            // It is dead or about to come back; there is nothing to tell.
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It is slow; the next look may find it.
        }
    }

    private void Tell(SagaRead saga, bool tell)
    {
        var now = saga.Outcome ?? "running";
        if (told.TryGetValue(saga.Id, out var before) && before == now) return;
        if (told.Count > Page * 20) told.Clear();
        told[saga.Id] = now;
        if (!tell) return;
        var expiresAt = saga.ExpiresAt.ToLocalTime();
        if (saga.Outcome is null)
            Console.WriteLine(
                $"Saga {saga.Id} is under way. If nobody hears of its end, all is undone at {expiresAt:HH:mm:ss}: "
                + $"kill -9 {cluster[ShopPorts.Orchestrator].Id} now and watch the stock then.");
        else
            Console.WriteLine($"Saga {saga.Id} is {saga.Outcome}. {saga.Reason?.Text}".TrimEnd());
    }

    private sealed record SagaPage(IReadOnlyList<SagaRead> Items);
}

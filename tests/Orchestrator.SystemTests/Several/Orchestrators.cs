using System.Collections.Concurrent;
using Orchestrator.Databases;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests.Several;

/// <summary>
/// The shop's services with three orchestrators on one PostgreSQL database. Who asks is sent to one after the other.
/// </summary>
internal sealed class Orchestrators : IAsyncDisposable
{
    /// <summary>Short, so that the test need not wait long; long enough for a busy machine.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private readonly PostgresDatabase database;
    private readonly ConcurrentQueue<string> words = new();
    private readonly List<int> ports = [ShopPorts.FreeOne(), ShopPorts.FreeOne(), ShopPorts.FreeOne()];
    private readonly ChildProcess?[] children = new ChildProcess?[3];
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly string definitions;
    private int next;

    private Orchestrators(PostgresDatabase database)
    {
        this.database = database;
        Shop = new OpenShop(orchestrator: () => AddressOf(Interlocked.Increment(ref next) % ports.Count));
        definitions = DefinitionFolder.Write(Shop.Data, Shop.Cluster.LineTo);
    }

    internal OpenShop Shop { get; }

    internal IEnumerable<string> Words => words;

    internal static async Task<Orchestrators> StartAsync()
    {
        var all = new Orchestrators(await PostgresServer.CreateDatabaseAsync());
        try
        {
            foreach (var service in ShopPorts.Services) all.Shop.Launch(service);
            // All at once on an empty database.
            for (var i = 0; i < all.children.Length; i++) all.Launch(i);
            foreach (var service in ShopPorts.Services) await all.Shop.WaitUntilReadyAsync(service);
            for (var i = 0; i < all.children.Length; i++) await all.WaitUntilReadyAsync(i);
            return all;
        }
        catch (Exception failure)
        {
            await all.DisposeAsync();
            throw new InvalidOperationException(
                $"The orchestrators did not start: {failure.Message}\n{string.Join('\n', all.words.TakeLast(40))}",
                failure);
        }
    }

    internal Uri AddressOf(int index) => new($"http://127.0.0.1:{ports[index]}");

    internal ChildProcess this[int index] => children[index]!;

    internal void Launch(int index)
    {
        var arguments = OrchestratorCommand.Arguments(
            $"http://127.0.0.1:{ports[index]}", Shop.Data, definitions,
            ["--Orchestrator:Store=postgres", $"--Orchestrator:Lease={Lease.TotalSeconds}s"]);
        var environment = new Dictionary<string, string>
        {
            ["Orchestrator__ConnectionString"] = database.ConnectionString,
        };
        children[index] = ChildProcess.Start(
            $"orchestrator {index}", ShopPlaces.ServiceProgram, arguments, line => words.Enqueue($"[{index}] {line}"),
            environment);
    }

    internal Task WaitUntilReadyAsync(int index) => Eventually.BecomesAsync(
        true, OpenShop.Patience, async () =>
        {
            if (children[index]!.Ended.IsCompleted) throw new InvalidOperationException($"Orchestrator {index} ended.");
            try
            {
                using var answer = await client.GetAsync(new Uri(AddressOf(index), "/readyz"));
                return answer.IsSuccessStatusCode;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                return false;
            }
        });

    public async ValueTask DisposeAsync()
    {
        foreach (var child in children)
            if (child is not null)
                await child.DisposeAsync();
        await Shop.DisposeAsync();
        client.Dispose();
        await database.DisposeAsync();
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Shop.Running;

/// <summary>
/// The five programs of one shop, each a process of its own. Not safe for several threads on one program.
/// </summary>
internal sealed class ShopCluster(ShopPorts ports, string data, Action<string, string> output) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(12);

    private readonly Dictionary<string, ChildProcess> children = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Uri> lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Uri> sidecars = new(StringComparer.Ordinal);
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>What is added to the programs' environment.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What is added to one program's environment, by its name; null for nothing.</summary>
    internal Func<string, IReadOnlyDictionary<string, string>>? AddEnvironment { get; set; }

    /// <summary>The sidecar of the orchestrator; null when it runs on its own engine.</summary>
    internal SidecarPorts? Sidecar { get; init; }

    /// <summary>Where a program listens.</summary>
    internal Uri AddressOf(string program) => new(ports.UrlOf(program));

    /// <summary>Where the others find it: where it listens, or a line in between.</summary>
    internal Uri LineTo(string program) => lines.GetValueOrDefault(program, AddressOf(program));

    /// <summary>Puts a line between a service and the others. Before the start.</summary>
    internal void PutLine(string program, Uri address) => lines[program] = address;

    /// <summary>
    /// Tells a service where it reaches its own sidecar, under whose app id it is called then. Before the start.
    /// </summary>
    internal void PutSidecar(string service, Uri address) => sidecars[service] = address;

    internal ChildProcess this[string program] => children[program];

    /// <summary>Starts all five and waits until they are ready.</summary>
    internal async Task StartAllAsync(CancellationToken cancel)
    {
        foreach (var service in ShopPorts.Services) Launch(service);
        Launch(ShopPorts.Orchestrator);
        await Task.WhenAll(ShopPorts.Programs.Select(program => WaitUntilReadyAsync(program, cancel)));
        try
        {
            await MoveParticipantsAsync(cancel);
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.Unauthorized)
        {
            throw new CommandLineException(
                "The orchestrator asks for tokens (Orchestrator__Security__... in the environment), and the shop has "
                + "none. Unset that, or start the programs one by one, with serve and orchestrator.");
        }
    }

    /// <summary>Starts one that is not running and waits until it is ready.</summary>
    internal async Task StartAsync(string program, CancellationToken cancel)
    {
        Launch(program);
        await WaitUntilReadyAsync(program, cancel);
    }

    /// <summary>Starts one that is not running; it is not ready yet.</summary>
    internal ChildProcess Launch(string program)
    {
        if (children.TryGetValue(program, out var old) && !old.Ended.IsCompleted)
            throw new InvalidOperationException($"{old} is still running.");
        var child = program == ShopPorts.Orchestrator
            ? ChildProcess.Start(
                program, ShopPlaces.ServiceProgram, OrchestratorArguments(), line => output(program, line),
                EnvironmentOf(program))
            : ChildProcess.Start(
                program, ShopPlaces.ShopProgram, ServeArguments(program), line => output(program, line),
                EnvironmentOf(program));
        return children[program] = child;
    }

    /// <summary>What the orchestrator is started with.</summary>
    internal IEnumerable<string> OrchestratorArguments() => OrchestratorCommand.Arguments(
        ports.UrlOf(ShopPorts.Orchestrator), data, DefinitionFolder.Write(data, LineTo),
        Sidecar?.OrchestratorArguments ?? []);

    /// <summary>What a person types to start one alone.</summary>
    internal string CommandFor(string program) =>
        program == ShopPorts.Orchestrator
            ? $"dotnet run --project samples/Shop -- orchestrator --urls {ports.UrlOf(program)} --data {data}"
            : $"dotnet run --project samples/Shop -- {string.Join(' ', ServeArguments(program))}";

    /// <summary>Waits until it answers that it is ready; an exception when it ends instead.</summary>
    internal async Task WaitUntilReadyAsync(string program, CancellationToken cancel)
    {
        var path = program == ShopPorts.Orchestrator ? "/readyz" : "/healthz";
        var until = TimeProvider.System.GetUtcNow() + ReadyWithin;
        while (await WhyNotAsync(new Uri(AddressOf(program), path), cancel) is { } why)
        {
            if (children[program].Ended.IsCompleted)
                throw new CommandLineException(
                    $"{program} ended with code {await children[program].Ended} before it was ready; its words are "
                    + "above.");
            if (TimeProvider.System.GetUtcNow() > until)
                throw new CommandLineException(
                    $"{program} is not ready after {ReadyWithin.TotalSeconds} s: {why}");
            await Task.Delay(LookEvery, TimeProvider.System, cancel);
        }
    }

    /// <summary>Ends all, by their own process ids.</summary>
    internal Task StopAllAsync() => Task.WhenAll(children.Values.Select(child => child.StopAsync(StopWithin)));

    public async ValueTask DisposeAsync()
    {
        foreach (var child in children.Values) await child.DisposeAsync();
        client.Dispose();
    }

    /// <summary>Registers a service at another address, or at the same in another way.</summary>
    internal async Task RegisterAsync(string service, object address, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, EntryOf(service))
        {
            Content = JsonContent.Create(address),
        };
        request.Headers.Add("X-Actor", "shop");
        using var answer = await client.SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
    }

    // A data folder used before, on other ports, remembers where the services were: tell it where they are now.
    private async Task MoveParticipantsAsync(CancellationToken cancel)
    {
        foreach (var service in ShopPorts.Services)
        {
            if (sidecars.ContainsKey(service))
            {
                await RegisterAsync(service, new { app = service }, cancel);
                continue;
            }

            var known = await client.GetFromJsonAsync<JsonElement>(EntryOf(service), cancel);
            var url = LineTo(service).ToString().TrimEnd('/');
            if (known.TryGetProperty("url", out var old) && old.GetString()?.TrimEnd('/') == url) continue;
            await RegisterAsync(service, new { url }, cancel);
        }
    }

    private Uri EntryOf(string service) => new(AddressOf(ShopPorts.Orchestrator), $"/participants/{service}");

    private Dictionary<string, string> EnvironmentOf(string program)
    {
        var all = new Dictionary<string, string>(Environment);
        if (AddEnvironment is { } added)
        {
            foreach (var (variable, value) in added(program)) all[variable] = value;
        }

        if (!sidecars.TryGetValue(program, out var sidecar)) return all;
        all["DAPR_HTTP_PORT"] = sidecar.Port.ToString(CultureInfo.InvariantCulture);
        all["DAPR_HTTP_ENDPOINT"] = sidecar.ToString();
        return all;
    }

    private List<string> ServeArguments(string service)
    {
        List<string> arguments = ["serve", service, "--urls", ports.UrlOf(service), "--data", data];
        if (service != ShopPorts.Order) return arguments;
        foreach (var program in ShopPorts.Programs.Where(program => program != ShopPorts.Order))
            arguments.AddRange([$"--{program}", LineTo(program).ToString()]);
        return arguments;
    }

    // Null when it answers that it is ready.
    private async Task<string?> WhyNotAsync(Uri address, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.GetAsync(address, cancel);
            return answer.IsSuccessStatusCode
                ? null : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}";
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // A connection that is reset as soon as it is made comes out of the client as it is.
            return e.Message;
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"no answer within {client.Timeout.TotalSeconds} s";
        }
    }
}

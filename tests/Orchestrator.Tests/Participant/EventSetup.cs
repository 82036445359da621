using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>A participant named inventory behind a sidecar, with a clock that only the test moves.</summary>
public abstract class EventSetup(LedgerDialect dialect) : IAsyncLifetime, IDisposable
{
    private protected readonly ParticipantDatabase database = ParticipantDatabase.Create(dialect);
    private protected readonly ManualTime clock = new();
    private protected readonly HandlerSwitches switches = new();
    private protected FakePublisher broker = null!;
    private protected ParticipantHost host = null!;
    private protected EventCommands events = null!;

    public async Task InitializeAsync()
    {
        broker = await FakePublisher.StartAsync();
        host = await StartAsync();
        events = new EventCommands(host.Client, clock);
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await broker.DisposeAsync();
    }

    public void Dispose()
    {
        database.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<ParticipantHost> StartAsync(
        Action<SagaSubscriptionOptions>? subscribe = null, IReadOnlyDictionary<string, string?>? settings = null) =>
        ParticipantHost.StartAsync(database, clock, switches, settings: settings, subscribe: options =>
        {
            options.Participant = "inventory";
            options.SidecarAddress = broker.Address;
            subscribe?.Invoke(options);
        });

    private protected long Waiting() => database.Scalar("SELECT COUNT(*) FROM saga_outbox");
}

using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>A participant whose clock only jumps, which fires no timer: only the test undoes what expired.</summary>
public abstract class LedgerTableSetup(LedgerDialect dialect) : IAsyncLifetime, IDisposable
{
    private protected readonly ParticipantDatabase database = ParticipantDatabase.Create(dialect);
    private protected readonly ManualTime clock = new();
    private protected readonly HandlerSwitches switches = new();
    private protected ParticipantHost host = null!;
    private protected Commands steps = null!;

    public async Task InitializeAsync()
    {
        host = await ParticipantHost.StartAsync(database, clock, switches);
        steps = new Commands(host.Client, clock);
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    public void Dispose()
    {
        database.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<Answer> LateDoAsync(string sagaId) => steps.DoAsync(sagaId, change: request =>
    {
        request.Headers.Remove("ce-sagaremaining");
        request.Headers.Add("ce-sagaremaining", "0");
    });

    private protected async Task BringToAsync(string sagaId, string state)
    {
        if (state is "held" or "confirmed" or "undone" or "expired") await steps.DoAsync(sagaId);
        switch (state)
        {
            case "held":
                break;
            case "confirmed":
                await steps.ConfirmAsync(sagaId);
                break;
            case "undone" or "barred":
                await steps.UndoAsync(sagaId);
                break;
            case "expired":
                clock.Jump(Commands.Hold);
                await host.Ledger.UndoDueAsync();
                break;
            case "refused":
                switches.Refusal = "No.";
                await steps.DoAsync(sagaId);
                break;
            case "barred-by-expiry":
                await LateDoAsync(sagaId);
                break;
            case "barred-by-confirm":
                await steps.ConfirmAsync(sagaId);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown.");
        }
    }
}

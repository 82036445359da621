using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Tests.Core;

internal enum ModelState
{
    None,
    Held,
    Confirmed,
    Undone,
    Refused,
    Barred,
}

/// <summary>
/// The ledger table of protocol.md section 2 in its plainest form; an unarmed one knows only done and undone.
/// </summary>
internal sealed class ModelLedger(StepKind kind)
{
    public StepKind Kind => kind;

    public ModelState State { get; private set; }

    public bool UndoneByOwnClock { get; private set; }

    public bool WasConfirmed { get; private set; }

    /// <summary>How often the business was done under this key.</summary>
    public int Done { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    private int ExtendedBy { get; set; }

    /// <summary>Something that would count twice if another key of the step had it as well.</summary>
    public bool IsInEffect => State is ModelState.Held or ModelState.Confirmed;

    public void OwnClockPassesExpiry()
    {
        if (kind != StepKind.Compensatable || State != ModelState.Held) return;
        State = ModelState.Undone;
        UndoneByOwnClock = true;
    }

    /// <summary>Takes a command that carries an expiry.</summary>
    public Answer Take(CallSent sent, DateTimeOffset expiresAt, bool refuse)
    {
        if (sent.Command == CommandKind.Extend) return Extend(sent.Extension, expiresAt);
        if (sent.Command == CommandKind.Do && State == ModelState.None) ExpiresAt = expiresAt;
        var before = State;
        var answer = Take(sent.Command, refuse);
        if (sent.Command == CommandKind.Do && before == ModelState.None && IsInEffect) Done++;
        return answer;
    }

    private Answer Extend(int number, DateTimeOffset expiresAt)
    {
        switch (State)
        {
            case ModelState.None:
                return Problem(404, "not-held");
            case ModelState.Confirmed:
                return Fine;
            case ModelState.Held when ExtendedBy == number || expiresAt > ExpiresAt:
                (ExpiresAt, ExtendedBy) = (expiresAt > ExpiresAt ? expiresAt : ExpiresAt, number);
                return Fine;
            case ModelState.Held:
                return Problem(409, "not-extended");
            default:
                return Problem(410, "undone");
        }
    }

    private Answer Take(CommandKind command, bool refuse) => (command, State) switch
    {
        (CommandKind.Do, ModelState.None) when refuse && kind == StepKind.Retriable => Problem(409, "refused"),
        (CommandKind.Do, ModelState.None) =>
            Enter(refuse ? ModelState.Refused : Kept, refuse ? Problem(409, "refused") : Fine),
        (CommandKind.Do, ModelState.Held or ModelState.Confirmed) => Fine,
        (CommandKind.Do, ModelState.Refused) => Problem(409, "refused"),
        (CommandKind.Do, ModelState.Undone) => Problem(410, "undone"),
        (CommandKind.Do, ModelState.Barred) => Problem(410, "barred"),
        (CommandKind.Confirm, ModelState.Held or ModelState.Confirmed) => Enter(ModelState.Confirmed, Fine),
        (CommandKind.Confirm, ModelState.None) => Enter(ModelState.Barred, Problem(410, "barred")),
        (CommandKind.Confirm, _) => Problem(410, "undone"),
        (CommandKind.Undo, ModelState.None) => Enter(ModelState.Barred, Fine),
        (CommandKind.Undo, ModelState.Confirmed) when kind is StepKind.Pivot or StepKind.Retriable =>
            Problem(409, "done") with { Output = JsonData.FromText("\"kept\"") },
        (CommandKind.Undo, ModelState.Held or ModelState.Confirmed) => Enter(ModelState.Undone, Fine),
        (CommandKind.Undo, _) => Fine,
        _ => throw new InvalidOperationException($"{command} in {State}"),
    };

    private ModelState Kept => kind == StepKind.Compensatable ? ModelState.Held : ModelState.Confirmed;

    private Answer Fine => new() { Status = 200, LedgerState = State.ToString().ToLowerInvariant(), Ledger = "L" };

    private Answer Enter(ModelState state, Answer answer)
    {
        State = state;
        WasConfirmed |= state == ModelState.Confirmed;
        return answer with { LedgerState = state.ToString().ToLowerInvariant() };
    }

    private static Answer Problem(int status, string code) =>
        new() { Status = status, Code = code, Ledger = "L", LedgerState = "some" };
}

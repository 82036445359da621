using System.Data.Common;

namespace Orchestrator.Participant;

/// <summary>What every handler gets, whatever its types.</summary>
internal sealed record CallFrame(
    string SagaId, string Step, string Action, int Attempt, DbConnection Connection, DbTransaction Transaction,
    IServiceProvider Services)
{
    internal bool WasConfirmed { get; init; }

    internal bool ByExpiry { get; init; }
}

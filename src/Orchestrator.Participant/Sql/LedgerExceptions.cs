namespace Orchestrator.Participant.Sql;

/// <summary>The database stayed busy for every try. Nothing was changed; the caller sends the command again.</summary>
internal sealed class LedgerBusyException(Exception inner)
    : Exception("The ledger's database stayed busy; nothing was changed.", inner);

/// <summary>A row was no longer as it had been read. The transaction is rolled back and run again.</summary>
internal sealed class LedgerMovedException(string sagaId, string step)
    : Exception($"Ledger row {sagaId}/{step} was changed by somebody else meanwhile.");

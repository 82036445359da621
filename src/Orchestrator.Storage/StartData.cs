namespace Orchestrator.Storage;

/// <summary>What an idempotency key was used for, as Dapper reads it.</summary>
internal sealed class StartData
{
    public byte[] Digest { get; set; } = [];

    public string SagaId { get; set; } = "";
}

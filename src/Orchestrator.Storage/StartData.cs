namespace Orchestrator.Storage;

/// <summary>What an idempotency key was used for, as Dapper reads it.</summary>
internal sealed class StartData
{
    public string Definition { get; set; } = "";

    public string Key { get; set; } = "";

    public byte[] Digest { get; set; } = [];

    public string SagaId { get; set; } = "";
}

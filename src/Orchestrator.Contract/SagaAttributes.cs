namespace Orchestrator.Contract;

/// <summary>
/// Names of CloudEvents attributes in the structured mode that stand in no header: those of an answer over a broker,
/// and those of facts. Source: docs/protocol.md section 5.
/// </summary>
public static class SagaAttributes
{
    /// <summary>Id of the command that is answered.</summary>
    public const string SagaCommand = "sagacommand";

    /// <summary>The HTTP status the answer would have had.</summary>
    public const string SagaStatus = "sagastatus";

    /// <summary>The state of the ledger row, as in <see cref="SagaHeaders.SagaState" />.</summary>
    public const string SagaState = "sagastate";

    /// <summary>The ledger's UUID, as in <see cref="SagaHeaders.SagaLedger" />.</summary>
    public const string SagaLedger = "sagaledger";

    /// <summary>The media type of the data.</summary>
    public const string DataContentType = "datacontenttype";

    /// <summary>The attribute a header stands for.</summary>
    public static string Of(string header) =>
        header.StartsWith(SagaHeaders.Prefix, StringComparison.Ordinal) ? header[SagaHeaders.Prefix.Length..] : header;
}

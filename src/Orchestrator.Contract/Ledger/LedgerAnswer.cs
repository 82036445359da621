namespace Orchestrator.Contract.Ledger;

/// <summary>What a participant answers to a command. Immutable.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="State">The row's state after the command; <see cref="LedgerState.None" /> where there is no
/// row.</param>
/// <param name="Code">One of <see cref="SagaCodes" />; null for 200.</param>
/// <param name="Text">The participant's own words; null for 200.</param>
/// <param name="Output">The stored output: the body of a <c>do</c>'s 200, a member of 409 <c>done</c>; else
/// null.</param>
public sealed record LedgerAnswer(int Status, LedgerState State, string? Code, string? Text, JsonData? Output)
{
    /// <summary>200, with or without an output.</summary>
    public static LedgerAnswer Accepted(LedgerState state, JsonData? output = null) =>
        new(200, state, null, null, output);

    /// <summary>A problem with a code and a text.</summary>
    public static LedgerAnswer Problem(int status, LedgerState state, string code, string text) =>
        new(status, state, code, text, null);
}

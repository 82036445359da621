namespace Orchestrator.Service.Reconciling;

/// <summary>The states of a ledger row as the wire names them.</summary>
internal static class LedgerWords
{
    public const string None = "none";
    public const string Held = "held";
    public const string Confirmed = "confirmed";
    public const string Undone = "undone";
    public const string Refused = "refused";
    public const string Barred = "barred";

    /// <summary>True for a state in which the business change is there.</summary>
    public static bool IsWork(string state) => state is Held or Confirmed;

    /// <summary>True for a state that nothing changes any more.</summary>
    public static bool IsFinal(string state) => state is Undone or Refused or Barred;
}

namespace Orchestrator.Contract.Ledger;

/// <summary>What the two halves of a ledger key may look like, so that every database compares them alike.</summary>
public static class LedgerKeys
{
    /// <summary>The rule in words.</summary>
    public const string Rule = "may hold only visible ASCII characters other than a slash.";

    /// <summary>
    /// True for a saga id or a step key that follows the rule. Lengths are limited by <see cref="WireLimits" />.
    /// </summary>
    public static bool IsPart(string value)
    {
        foreach (var character in value)
        {
            if (character is <= ' ' or > '~' or '/') return false;
        }

        return value.Length > 0;
    }
}

namespace Orchestrator.Contract;

/// <summary>
/// Values of <c>code</c> in a participant's <c>application/problem+json</c> answer. Source: docs/protocol.md section 5.
/// </summary>
public static class SagaCodes
{
    /// <summary>409: the business says no.</summary>
    public const string Refused = "refused";

    /// <summary>410: the expiry has passed.</summary>
    public const string Expired = "expired";

    /// <summary>410: it was undone before.</summary>
    public const string Undone = "undone";

    /// <summary>410: the undo came first, so this will never be done.</summary>
    public const string Barred = "barred";

    /// <summary>409: a pivot or retriable is done and cannot be undone.</summary>
    public const string Done = "done";

    /// <summary>410: the message is too old to be believed; nothing was done.</summary>
    public const string Stale = "stale";

    /// <summary>409: the same key came with other data.</summary>
    public const string KeyReused = "key-reused";

    /// <summary>404: there is nothing to extend.</summary>
    public const string NotHeld = "not-held";

    /// <summary>409: the new expiry is not later than now and than the old one.</summary>
    public const string NotExtended = "not-extended";

    /// <summary>400: an attribute of the event is missing or wrong.</summary>
    public const string Malformed = "malformed";

    /// <summary>401: the token is missing or wrong.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>404: the ledger has no such row.</summary>
    public const string NotFound = "not-found";

    /// <summary>413: the body is longer than the participant accepts.</summary>
    public const string TooLarge = "too-large";

    /// <summary>500: the participant's code threw; nothing was changed. Send it again.</summary>
    public const string Failed = "failed";

    /// <summary>503: the participant's database was busy; nothing was changed. Send it again.</summary>
    public const string Busy = "busy";
}

using System.Diagnostics;
using System.Text;

namespace Orchestrator.Contract.Ledger;

/// <summary>
/// The ledger table of docs/protocol.md section 2 as a function: what was known, what arrives, what time it is. No I/O,
/// no clock; safe for any number of threads.
/// </summary>
public static class LedgerRules
{
    /// <summary>What one command does to one row.</summary>
    /// <param name="row">The row of the command's key, read under a lock; null where there is none.</param>
    /// <param name="command">The command.</param>
    /// <param name="now">The participant's clock, read while the lock is held.</param>
    /// <param name="staleAfter">A command sent longer ago than this is answered <c>stale</c>: half the
    /// retention.</param>
    public static LedgerTransition Decide(
        LedgerRow? row, LedgerCommand command, DateTimeOffset now, TimeSpan staleAfter)
    {
        now = Instants.ToMilliseconds(now);
        if (now - command.SentAt > staleAfter) return new LedgerTransition.Stay(LedgerAnswers.Stale(row, command));
        if (row is not null && IsOtherUse(row, command))
            return new LedgerTransition.Stay(LedgerAnswers.KeyReused(row, command));
        return command.Kind switch
        {
            CommandKind.Do => DecideDo(row, command, now),
            CommandKind.Confirm => DecideConfirm(row, command, now),
            CommandKind.Undo => DecideUndo(row, command, now),
            CommandKind.Extend => DecideExtend(row, command, now),
            _ => throw new UnreachableException($"Unknown command {command.Kind}."),
        };
    }

    /// <summary>The row once its action has answered, and the answer.</summary>
    public static (LedgerRow Row, LedgerAnswer Answer) Done(LedgerRow row, JsonData output, DateTimeOffset now)
    {
        var done = row with { Output = output, UpdatedAt = Instants.ToMilliseconds(now) };
        return (done, LedgerAnswers.Stored(done));
    }

    /// <summary>
    /// The row once the business has said no, and the answer. A null row means: roll back, leave no row, so that a
    /// retriable can be sent again.
    /// </summary>
    public static (LedgerRow? Row, LedgerAnswer Answer) Refused(LedgerRow row, string text, DateTimeOffset now)
    {
        var kept = Storable(text);
        if (row.Kind == WireKind.Retriable)
            return (null, LedgerAnswer.Problem(409, LedgerState.None, SagaCodes.Refused, kept));
        var refused = Final(row, LedgerState.Refused, SagaCodes.Refused, kept, now);
        return (refused, LedgerAnswers.Stored(refused));
    }

    /// <summary>The row after its own clock has undone it; null while it is not due.</summary>
    public static LedgerRow? Expire(LedgerRow row, DateTimeOffset now) =>
        row.DueAt <= now ? Undone(row, SagaCodes.Expired, LedgerAnswers.ExpiredText(row), now) : null;

    /// <summary>The row after a try of its undo has thrown: tried again later, flagged after enough tries.</summary>
    /// <param name="row">The row as it was before the try.</param>
    /// <param name="attemptsBeforeAttention">From this many tries on a person should look.</param>
    /// <param name="now">The participant's clock.</param>
    public static LedgerRow SetAside(LedgerRow row, int attemptsBeforeAttention, DateTimeOffset now) => row with
    {
        Attempts = row.Attempts + 1,
        NextTryAt = Instants.ToMilliseconds(now) + UndoBackoff.After(row.Attempts + 1),
        NeedsAttention = row.NeedsAttention || row.Attempts + 1 >= attemptsBeforeAttention,
        UpdatedAt = Instants.ToMilliseconds(now),
    };

    /// <summary>The row once its saga has ended; null when that changes nothing.</summary>
    /// <param name="row">The row.</param>
    /// <param name="outcome"><c>completed</c> or <c>compensated</c>.</param>
    /// <param name="now">The participant's clock.</param>
    public static LedgerRow? End(LedgerRow row, string outcome, DateTimeOffset now)
    {
        if (row.EndedAt is not null) return null;
        now = Instants.ToMilliseconds(now);
        return row with { EndedAt = now, EndedAs = outcome, UpdatedAt = now };
    }

    // The text is answered now and from the row later, in the same bytes: nothing a database cannot store stays in it.
    private static string Storable(string text)
    {
        var end = Math.Min(text.Length, WireLimits.RefusalText);
        if (end < text.Length && char.IsHighSurrogate(text[end - 1])) end--;
        // Half a surrogate pair becomes U+FFFD, as it does in the answer: PostgreSQL would not store it at all.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text[..end])).Replace('\0', ' ');
    }

    // A row without a digest was never used by a do: it only bars, whatever comes.
    private static bool IsOtherUse(LedgerRow row, LedgerCommand command)
    {
        if (row.Digest is null) return false;
        if (row.Action != command.Action) return true;
        return command.Kind == CommandKind.Do && (row.Digest != command.Digest || row.Kind != command.StepKind);
    }

    private static LedgerTransition DecideDo(LedgerRow? row, LedgerCommand command, DateTimeOffset now)
    {
        if (row is not null) return new LedgerTransition.Stay(LedgerAnswers.Stored(row));
        var fresh = Fresh(command, now);
        if (command.StepKind != WireKind.Compensatable)
            return new LedgerTransition.RunDo(fresh with { State = LedgerState.Confirmed, ExpiresAt = null });
        if (now < command.ExpiresAt) return new LedgerTransition.RunDo(fresh);
        return Bar(fresh with { Data = null }, SagaCodes.Expired, LedgerAnswers.ExpiredText(fresh), now);
    }

    private static LedgerTransition DecideConfirm(LedgerRow? row, LedgerCommand command, DateTimeOffset now)
    {
        if (row is null)
            return Bar(Fresh(command, now), SagaCodes.Barred, LedgerAnswers.ConfirmFirstText(command), now);
        if (row.IsFinal) return new LedgerTransition.Stay(LedgerAnswers.Gone(row));
        if (row.State == LedgerState.Confirmed)
            return new LedgerTransition.Stay(LedgerAnswer.Accepted(LedgerState.Confirmed));
        if (now < row.ExpiresAt)
        {
            var confirmed = row with { State = LedgerState.Confirmed, NextTryAt = null, UpdatedAt = now };
            return new LedgerTransition.RunConfirm(confirmed, LedgerAnswer.Accepted(LedgerState.Confirmed));
        }

        var undone = Undone(row, SagaCodes.Expired, LedgerAnswers.ExpiredText(row), now);
        return new LedgerTransition.RunUndo(undone, LedgerAnswers.Gone(undone));
    }

    private static LedgerTransition DecideUndo(LedgerRow? row, LedgerCommand command, DateTimeOffset now)
    {
        if (row is null)
        {
            var barred = Final(Fresh(command, now), LedgerState.Barred, SagaCodes.Barred,
                LedgerAnswers.UndoFirstText(command), now);
            return new LedgerTransition.Bar(barred, LedgerAnswer.Accepted(LedgerState.Barred));
        }

        if (row.IsFinal) return new LedgerTransition.Stay(LedgerAnswer.Accepted(row.State));
        if (row.Kind != WireKind.Compensatable || row.IsKept)
            return new LedgerTransition.Stay(LedgerAnswers.CannotBeUndone(row));
        var undone = Undone(row, SagaCodes.Undone, LedgerAnswers.UndoneText(row), now);
        return new LedgerTransition.RunUndo(undone, LedgerAnswer.Accepted(LedgerState.Undone));
    }

    private static LedgerTransition DecideExtend(LedgerRow? row, LedgerCommand command, DateTimeOffset now)
    {
        if (row is null) return new LedgerTransition.Stay(LedgerAnswers.NotHeld(command));
        if (row.IsFinal) return new LedgerTransition.Stay(LedgerAnswers.Gone(row));
        if (row.State == LedgerState.Confirmed)
            return new LedgerTransition.Stay(LedgerAnswer.Accepted(LedgerState.Confirmed));
        if (row.ExtendedBy == command.EventId && now < row.ExpiresAt)
            return new LedgerTransition.Stay(LedgerAnswer.Accepted(LedgerState.Held));
        if (!(command.ExpiresAt > now && command.ExpiresAt > row.ExpiresAt))
            return new LedgerTransition.Stay(LedgerAnswers.NotExtended(row));
        var extended = row with
        {
            ExpiresAt = command.ExpiresAt,
            ExtendedBy = command.EventId,
            NextTryAt = null,
            UpdatedAt = now,
        };
        return new LedgerTransition.Extend(extended, LedgerAnswer.Accepted(LedgerState.Held));
    }

    private static LedgerTransition.Bar Bar(LedgerRow fresh, string code, string text, DateTimeOffset now)
    {
        var barred = Final(fresh, LedgerState.Barred, code, text, now);
        return new LedgerTransition.Bar(barred, LedgerAnswers.Stored(barred));
    }

    private static LedgerRow Undone(LedgerRow row, string code, string text, DateTimeOffset now) =>
        Final(row with { Attempts = row.Attempts + 1, NextTryAt = null, NeedsAttention = false },
            LedgerState.Undone, code, text, now);

    private static LedgerRow Final(LedgerRow row, LedgerState state, string code, string text, DateTimeOffset now) =>
        row with { State = state, Code = code, Text = text, UpdatedAt = Instants.ToMilliseconds(now) };

    private static LedgerRow Fresh(LedgerCommand command, DateTimeOffset now) => new()
    {
        SagaId = command.SagaId,
        Step = command.Step,
        Action = command.Action,
        Kind = command.StepKind,
        State = LedgerState.Held,
        ExpiresAt = command.Kind == CommandKind.Do ? command.ExpiresAt : null,
        Data = command.Data,
        Digest = command.Digest,
        TraceParent = command.TraceParent,
        CreatedAt = now,
        UpdatedAt = now,
    };
}

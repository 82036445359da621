using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>
/// Shows a history. What was sent and received stands where it was recorded first; repeated calls send the same bytes.
/// </summary>
internal static class HistoryView
{
    /// <summary>The actor of what the engine decides.</summary>
    private const string Orchestrator = "orchestrator";

    /// <summary>
    /// The events in order; <paramref name="definition" /> names the participants. What of it is secret is covered for
    /// a reader who may not see it.
    /// </summary>
    public static HistoryBody Of(
        IReadOnlyList<SagaEvent> history, SagaDefinition definition, SecretFields? covers)
    {
        var items = new HistoryItemBody[history.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var item = Item(i + 1, history[i], definition);
            items[i] = covers is null ? item : Covered(item, history[i], covers);
        }

        return new HistoryBody(items);
    }

    private static HistoryItemBody Covered(HistoryItemBody item, SagaEvent e, SecretFields covers) => item with
    {
        Text = Sight.Words(item.Text, true),
        AskAt = Sight.Words(item.AskAt, true),
        Data = item.Data is { } data ? Covered(data, e, covers) : null,
    };

    private static JsonData Covered(JsonData data, SagaEvent e, SecretFields covers) => e switch
    {
        SagaStarted => covers.OfInput(data),
        // The first do of a key that a resend has made carries what an operator wrote.
        CallSent sent when sent.Step.Contains('~', StringComparison.Ordinal) => covers.OfEdit(NameOf(sent.Step), data),
        CallSent sent => covers.OfData(sent.Step, data),
        CallAnswered answered => covers.OfOutput(NameOf(answered.Step), data),
        ResendRequested resend => covers.OfEdit(resend.Step, data),
        ResolveRequested resolve => covers.OfOutput(resolve.Step, data),
        SagaEnded => covers.OfSagaOutput(data),
        _ => throw new UnreachableException($"A {e.GetType().Name} has no data."),
    };

    private static HistoryItemBody Item(int seq, SagaEvent e, SagaDefinition definition) => e switch
    {
        SagaStarted started =>
            Bare(seq, e, "saga-started") with
            {
                Data = started.Input,
                ExpiresAt = started.ExpiresAt,
                RerunOf = started.RerunOf,
            },
        CallSent sent => Sent(seq, sent),
        CallAnswered answered => Answered(seq, answered, definition),
        TimerSet timer => Bare(seq, e, "timer-set", Orchestrator) with { Timer = timer.Timer, DueAt = timer.DueAt },
        TimerPassed timer => Bare(seq, e, "timer-passed", Orchestrator) with { Timer = timer.Timer },
        VerbRequested verb => Verb(seq, verb),
        TriesCounted counted => Bare(seq, e, "tries-counted", Orchestrator) with
        {
            Step = counted.Step,
            Attempt = counted.Tally.Attempt,
            Command = WireWords.Of(counted.Command),
            Text = counted.Tally.LastError,
        },
        SagaEnded ended => Bare(seq, e, "saga-ended", Orchestrator) with
        {
            Data = ended.Output,
            Outcome = Words.Of(ended.Outcome),
            Text = ended.Warning,
        },
        _ => throw new UnreachableException($"Unknown event {e.GetType().Name}."),
    };

    private static HistoryItemBody Sent(int seq, CallSent sent) => Bare(seq, sent, "call-sent", Orchestrator) with
    {
        Step = sent.Step,
        Attempt = sent.Attempt,
        Command = WireWords.Of(sent.Command),
        Data = sent.Data,
        AskAt = sent.AskAt,
        ExpiresAt = sent.ExpiresAt,
        Extension = sent.Extension == 0 ? null : sent.Extension,
    };

    private static HistoryItemBody Verb(int seq, VerbRequested e)
    {
        HistoryItemBody Of(string type) => Bare(seq, e, type, e.Actor) with { Text = e.Reason, Batch = e.Batch };
        return e switch
        {
            CancelRequested => Of("cancel-requested"),
            RetryRequested retry => Of("retry-requested") with { Participant = retry.Participant },
            SuspendRequested => Of("suspend-requested"),
            ResumeRequested => Of("resume-requested"),
            TerminateRequested => Of("terminate-requested"),
            ExtendRequested extend => Of("extend-requested") with { ExpiresAt = extend.ExpiresAt },
            ResendRequested resend => Of("resend-requested") with { Step = resend.Step, Data = resend.Data },
            ResolveRequested resolve => Of("resolve-requested") with
            {
                Step = resolve.Step,
                As = Words.Of(resolve.As),
                Data = resolve.Output,
            },
            RerunRequested rerun => Of("rerun-requested") with { RerunAs = rerun.RerunAs },
            _ => throw new UnreachableException($"Unknown verb {e.GetType().Name}."),
        };
    }

    private static HistoryItemBody Answered(int seq, CallAnswered answered, SagaDefinition definition)
    {
        var answer = answered.Answer;
        return Bare(seq, answered, "call-answered", ParticipantOf(answered.Step, definition)) with
        {
            Step = answered.Step,
            Attempt = answered.Attempt,
            Command = WireWords.Of(answered.Command),
            Status = answer.Status == 0 ? null : answer.Status,
            Data = answer.Output,
            Code = answer.Code,
            Text = answer.Text,
            Silence = Words.Of(answer.Silence),
            AskAt = answer.Location,
            LedgerState = answer.LedgerState,
            Ledger = answer.Ledger,
            Extension = answered.Extension == 0 ? null : answered.Extension,
            Retry = answered.Retry is { } retry ? RetryOverrideJson.Write(retry) : null,
        };
    }

    private static HistoryItemBody Bare(int seq, SagaEvent e, string type, string? actor = null) =>
        new(seq, e.At, type, null, null, actor, null, null);

    private static string? ParticipantOf(string key, SagaDefinition definition) =>
        definition.Steps.FirstOrDefault(step => step.Name == NameOf(key))?.Participant;

    /// <summary>A ledger key is the step's name, or <c>name~2</c> after a resend.</summary>
    private static string NameOf(string key)
    {
        var tilde = key.IndexOf('~', StringComparison.Ordinal);
        return tilde < 0 ? key : key[..tilde];
    }
}

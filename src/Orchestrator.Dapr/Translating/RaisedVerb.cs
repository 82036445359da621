using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;

namespace Orchestrator.Dapr.Translating;

/// <summary>
/// A verb as the payload of a raised event. <see cref="Id" /> tells the engine that raised it what became of it; an
/// operator at the <c>dapr</c> CLI leaves it out and may leave out the actor.
/// </summary>
internal sealed record RaisedVerb
{
    /// <summary>Event that sends now what waits.</summary>
    public const string Retry = "retry";

    /// <summary>Event that undoes everything.</summary>
    public const string Cancel = "cancel";

    /// <summary>Event that holds back everything but undos.</summary>
    public const string Suspend = "suspend";

    /// <summary>Event that lets it go on.</summary>
    public const string Resume = "resume";

    /// <summary>Event that postpones the deadline; it needs <see cref="ExpiresAt" />.</summary>
    public const string Extend = "extend";

    /// <summary>Event that sends a step again; it needs <see cref="Step" />.</summary>
    public const string Resend = "resend";

    /// <summary>Event that takes a person's word; it needs <see cref="Step" /> and <see cref="As" />.</summary>
    public const string Resolve = "resolve";

    /// <summary>Event that makes an instance look at its timers.</summary>
    public const string Poke = "poke";

    /// <summary>Who acts when a verb comes from the sidecar and names nobody.</summary>
    public const string UnknownActor = "dapr";

    private const string DoneWord = "done";
    private const string UndoneWord = "undone";

    /// <summary>Names the raise.</summary>
    public string? Id { get; init; }

    /// <summary>Who.</summary>
    public string? Actor { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The batch it belongs to.</summary>
    public string? Batch { get; init; }

    /// <summary>The expiry that is wanted, RFC 3339.</summary>
    public string? ExpiresAt { get; init; }

    /// <summary>Name of the step.</summary>
    public string? Step { get; init; }

    /// <summary>Other data.</summary>
    public JsonData? Data { get; init; }

    /// <summary>Whose waiting calls are meant; null for all.</summary>
    public string? Participant { get; init; }

    /// <summary>done or undone.</summary>
    public string? As { get; init; }

    /// <summary>The output of a step that is done.</summary>
    public JsonData? Output { get; init; }

    /// <summary>The event's name and payload for a verb.</summary>
    public static (string Name, string Payload) Of(SagaVerb verb, string id) => verb switch
    {
        SagaVerb.Cancel => (Cancel, Payload(Bare(verb, id))),
        SagaVerb.Suspend => (Suspend, Payload(Bare(verb, id))),
        SagaVerb.Resume => (Resume, Payload(Bare(verb, id))),
        SagaVerb.Retry retry => (Retry, Payload(Bare(verb, id) with { Participant = retry.Participant })),
        SagaVerb.Extend extend =>
            (Extend, Payload(Bare(verb, id) with { ExpiresAt = Instants.Write(extend.ExpiresAt) })),
        SagaVerb.Resend resend =>
            (Resend, Payload(Bare(verb, id) with { Step = resend.Step, Data = resend.Data })),
        SagaVerb.Resolve resolve => (Resolve, Payload(Bare(verb, id) with
        {
            Step = resolve.Step,
            As = resolve.As == Resolution.Done ? DoneWord : UndoneWord,
            Output = resolve.Output,
        })),
        _ => throw new System.Diagnostics.UnreachableException($"{verb.GetType().Name} is not raised."),
    };

    /// <summary>
    /// The verb of an event; null when its name is none. Event names are compared without case, as Dapr does.
    /// </summary>
    public static (RaisedVerb Raised, SagaVerb Verb)? Read(string name, string? payload)
    {
        var raised = Parse(payload);
        var actor = string.IsNullOrWhiteSpace(raised.Actor) ? UnknownActor : raised.Actor;
        SagaVerb? verb = name.ToLowerInvariant() switch
        {
            Cancel => new SagaVerb.Cancel { Actor = actor, Reason = raised.Reason },
            Retry => new SagaVerb.Retry { Actor = actor, Reason = raised.Reason, Participant = raised.Participant },
            Suspend => new SagaVerb.Suspend { Actor = actor, Reason = raised.Reason },
            Resume => new SagaVerb.Resume { Actor = actor, Reason = raised.Reason },
            Extend => raised.ToExtend(actor),
            Resend => raised.ToResend(actor),
            Resolve => raised.ToResolve(actor),
            _ => null,
        };
        return verb is null ? null : (raised, verb with { Batch = raised.Batch });
    }

    private SagaVerb.Extend? ToExtend(string actor) => Instants.TryRead(ExpiresAt, out var expiresAt)
        ? new SagaVerb.Extend { Actor = actor, Reason = Reason, ExpiresAt = Instants.ToMilliseconds(expiresAt) }
        : null;

    private SagaVerb.Resend? ToResend(string actor) => Step is { } step
        ? new SagaVerb.Resend { Actor = actor, Reason = Reason, Step = step, Data = Data }
        : null;

    private SagaVerb.Resolve? ToResolve(string actor)
    {
        Resolution? resolution = As switch
        {
            DoneWord => Resolution.Done,
            UndoneWord => Resolution.Undone,
            _ => null,
        };
        if (Step is not { } step || resolution is not { } known) return null;
        return new SagaVerb.Resolve { Actor = actor, Reason = Reason, Step = step, As = known, Output = Output };
    }

    private static RaisedVerb Bare(SagaVerb verb, string id) =>
        new() { Id = id, Actor = verb.Actor, Reason = verb.Reason, Batch = verb.Batch };

    private static string Payload(RaisedVerb raised) =>
        JsonSerializer.Serialize(raised, PayloadJson.Default.RaisedVerb);

    /// <summary>
    /// Whatever an operator typed behind the event's name, the verb is meant; a text that is no JSON is the reason.
    /// </summary>
    private static RaisedVerb Parse(string? payload)
    {
        if (string.IsNullOrWhiteSpace(payload)) return new RaisedVerb();
        try
        {
            return JsonSerializer.Deserialize(payload, PayloadJson.Default.RaisedVerb) ?? new RaisedVerb();
        }
        catch (JsonException)
        {
            return new RaisedVerb { Reason = payload.Trim('"') };
        }
    }
}

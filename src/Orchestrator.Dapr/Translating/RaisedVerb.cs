using System.Text.Json;
using Orchestrator.Core.Deciding;

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

    /// <summary>Event that makes an instance look at its timers.</summary>
    public const string Poke = "poke";

    /// <summary>Who acts when a verb comes from the sidecar and names nobody.</summary>
    public const string UnknownActor = "dapr";

    /// <summary>Names the raise.</summary>
    public string? Id { get; init; }

    /// <summary>Who.</summary>
    public string? Actor { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The event's name and payload for a verb.</summary>
    public static (string Name, string Payload) Of(SagaVerb verb, string id) => verb switch
    {
        SagaVerb.Cancel cancel => (Cancel, Payload(verb, id, cancel.Reason)),
        SagaVerb.Suspend suspend => (Suspend, Payload(verb, id, suspend.Reason)),
        SagaVerb.Resume => (Resume, Payload(verb, id, null)),
        SagaVerb.Retry => (Retry, Payload(verb, id, null)),
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
            Retry => new SagaVerb.Retry { Actor = actor },
            Suspend => new SagaVerb.Suspend { Actor = actor, Reason = raised.Reason },
            Resume => new SagaVerb.Resume { Actor = actor },
            _ => null,
        };
        return verb is null ? null : (raised, verb);
    }

    private static string Payload(SagaVerb verb, string id, string? reason) => JsonSerializer.Serialize(
        new RaisedVerb { Id = id, Actor = verb.Actor, Reason = reason }, PayloadJson.Default.RaisedVerb);

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

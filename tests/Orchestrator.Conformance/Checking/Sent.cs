using System.Globalization;
using Orchestrator.Conformance.Wire;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checking;

/// <summary>A message with its answer, and what can be asked of it. Every question that fails ends the check.</summary>
internal sealed class Sent(Trial trial, Exchange exchange, Reply reply)
{
    internal Reply Reply { get; } = reply;

    /// <summary>The answer is this one. Anything but 2xx must be a problem that names its code.</summary>
    internal Sent Answers(int status, string? code = null)
    {
        var words = code is null ? $"{status}" : $"{status} with the code {code}";
        exchange.Must(words, Reply.Status == status && Reply.Failure is null);
        if (code is null) return this;
        exchange.Must(
            "application/problem+json", Reply.MediaType == "application/problem+json",
            $"the content type is {Reply.MediaType ?? "missing"}");
        exchange.Must($"code {code}", Reply.Code == code, $"the code is {Reply.Code ?? "missing"}");
        if (Bodies.Member(Reply.Json, "detail") is null or "")
            trial.Advise("problem-says-why", "A problem should say why in detail; a person reads it.", exchange);
        return this;
    }

    /// <summary>The command is answered 410, with whichever of the codes.</summary>
    internal Sent IsGone(params string[] codes)
    {
        exchange.Must($"410 ({string.Join(" or ", codes)})", Reply.Status == 410);
        exchange.Must(
            "application/problem+json with a code", Reply.Code is { } code && codes.Contains(code, StringComparer.Ordinal),
            $"the code is {Reply.Code ?? "missing"}");
        return this;
    }

    /// <summary>One of two answers: the race may go either way.</summary>
    internal Sent AnswersEither(string words, params int[] statuses)
    {
        exchange.Must(words, Reply.Failure is null && statuses.Contains(Reply.Status));
        return this;
    }

    /// <summary>The message is turned away and nothing is done: any 4xx.</summary>
    internal Sent IsTurnedAway(string why, bool isWithCode = true)
    {
        exchange.Must($"4xx: {why}", Reply is { Failure: null, Status: >= 400 and < 500 });
        if (isWithCode && (Reply.Status is not (400 or 401 or 404 or 413) || Reply.Code is null))
            trial.Advise(
                "turned-away-with-a-reason",
                "A message that cannot be taken is best answered 400, 401, 404 or 413 as application/problem+json with a code.",
                exchange);
        return this;
    }

    /// <summary>The message is too large: turned away, or the connection closed.</summary>
    internal Sent IsTooLarge()
    {
        exchange.Must(
            "413, another 4xx, or a closed connection",
            Reply.Failure is not null || Reply.Status is (>= 200 and < 300) or (>= 400 and < 500));
        if (Reply is { Failure: null, Status: < 300 })
            trial.Advise("a-limit-on-bodies", "A body of 8 MiB was taken: name a limit (1 MiB is enough).", exchange);
        return this;
    }

    internal Sent WithJson()
    {
        exchange.Must(
            "a JSON body, the output, or an empty one", Reply.Body.Length == 0 || Reply.Json is not null,
            "the body is no JSON");
        return this;
    }

    /// <summary>The bytes of an earlier answer.</summary>
    internal Sent SameAs(Sent first)
    {
        exchange.Must(
            $"the stored answer, byte by byte: {first.Reply.Status} {Bodies.Show(first.Reply.Body)}",
            Reply.Status == first.Reply.Status && Reply.Body.AsSpan().SequenceEqual(first.Reply.Body),
            "it is another answer");
        return this;
    }

    /// <summary>Something else that the answer must show.</summary>
    internal Sent Shows(string what, bool isSo, string? instead = null)
    {
        exchange.Must(what, isSo, instead);
        return this;
    }

    /// <summary>A problem whose member <c>output</c> is what the action answered.</summary>
    internal Sent WithOutputOf(Sent done)
    {
        var output = Reply.Json is { ValueKind: System.Text.Json.JsonValueKind.Object } json
            && json.TryGetProperty("output", out var member) ? member.GetRawText() : null;
        var expected = done.Reply.Json?.GetRawText() ?? "null";
        exchange.Must(
            "the stored output in the member output",
            output is not null && System.Text.Json.Nodes.JsonNode.DeepEquals(
                System.Text.Json.Nodes.JsonNode.Parse(output), System.Text.Json.Nodes.JsonNode.Parse(expected)));
        return this;
    }

    /// <summary>The row's state, in the header; a participant that sends none is believed.</summary>
    internal Sent InState(params string[] states)
    {
        if (Reply.State is null)
        {
            trial.Advise("state-header", $"Every answer should carry {SagaHeaders.SagaState}: the row's state.", exchange);
            return this;
        }

        var words = string.Join(" or ", states);
        exchange.Must(
            string.Create(CultureInfo.InvariantCulture, $"{SagaHeaders.SagaState}: {words}"),
            states.Contains(Reply.State, StringComparer.Ordinal));
        return this;
    }
}

using System.Buffers;
using System.Text;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Translating;

/// <summary>An answer as the result of a scheduled action: the event it will become, but for its instant.</summary>
internal static class AnswerPayload
{
    /// <summary>Writes the answer to a call, and how it is tried again where an operator has said so.</summary>
    public static string Write(ParticipantCall call, Answer answer, DateTimeOffset at, RetryOverride? retry)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = SagaEventJson.CreateWriter(output);
        SagaEventJson.Write(
            writer,
            [
                new CallAnswered
                {
                    At = at,
                    Step = call.Step,
                    Command = call.Command,
                    Attempt = call.Attempt,
                    Answer = answer,
                    Extension = call.Extension,
                    Retry = retry,
                },
            ]);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>
    /// The event of a result, at the instant the sidecar recorded it. A result that does not answer
    /// <paramref name="sent" /> says nothing about it, as a broken connection does.
    /// </summary>
    public static CallAnswered Read(string? result, CallSent sent, DateTimeOffset at)
    {
        try
        {
            if (SagaEventJson.Read(Encoding.UTF8.GetBytes(result ?? "")) is [CallAnswered answered]
                && answered.Step == sent.Step && answered.Command == sent.Command && answered.Attempt == sent.Attempt
                && answered.Extension == sent.Extension)
                return answered with { At = at };
        }
        catch (FormatException)
        {
            // Not ours; it is recorded as what it is worth.
        }

        return Silent(sent, at, "the sidecar brought a result that is no answer to this call");
    }

    /// <summary>The event of a call that brought nothing.</summary>
    public static CallAnswered Silent(CallSent sent, DateTimeOffset at, string text) => new()
    {
        At = at,
        Step = sent.Step,
        Command = sent.Command,
        Attempt = sent.Attempt,
        Answer = new Answer { Status = 0, Silence = Silence.Broken, Text = text },
        Extension = sent.Extension,
    };
}

using System.Diagnostics;
using Orchestrator.Core.Deciding;
using Orchestrator.Engine;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>What is answered to a verb.</summary>
internal static class VerbAnswers
{
    /// <summary>202 with the saga, or why not.</summary>
    public static IResult Of(HttpContext http, VerbOutcome outcome) => outcome switch
    {
        VerbOutcome.Accepted accepted =>
            JsonAnswer.Accepted(SagaView.Whole(accepted.Saga, http), WireJson.Types.SagaBody),
        VerbOutcome.Refused refused => Refused(refused.Ruling),
        VerbOutcome.NotFound => ReadEndpoints.Unknown(),
        VerbOutcome.Unavailable unavailable => Problem.Unavailable(ProblemCodes.Unavailable, unavailable.Text),
        _ => throw new UnreachableException($"Unknown outcome {outcome.GetType().Name}."),
    };

    /// <summary>409 with the verbs that would be taken; 404 for a step there is none of.</summary>
    public static Problem Refused(VerbRuling.NotAllowed ruling) => ruling.Code == VerbCodes.NoSuchStep
        ? Problem.NotFound($"{ruling.Text} GET /sagas/{{id}} lists its steps.")
        : Problem.NotAllowed(ruling.Code, Sentence(ruling), ruling.Verbs);

    private static string Sentence(VerbRuling.NotAllowed ruling) => ruling.Verbs.IsEmpty
        ? ruling.Text
        : $"{ruling.Text} Allowed now: {string.Join(", ", ruling.Verbs)}.";
}

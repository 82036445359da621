using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Security;

/// <summary>Why a caller may not do what they ask for.</summary>
internal static class AccessProblems
{
    /// <summary>The role is missing.</summary>
    public static Problem Needs(Grant grant) =>
        Forbidden($"This needs the role {grant}, which your token does not have. Ask an admin for it.");

    /// <summary>The role is there for single definitions, and this is about more.</summary>
    public static Problem ForOneDefinition(SagaRole role) => Forbidden(
        $"Your token has the role {Grant.WordOf(role)} for single definitions alone. Ask for one of them: "
        + "definition=NAME in a list, \"definition\" in a filter, or an address with its name.");

    /// <summary>403.</summary>
    public static Problem Forbidden(string detail) =>
        Problem.Of(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, detail);
}

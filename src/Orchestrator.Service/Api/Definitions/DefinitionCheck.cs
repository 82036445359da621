using Orchestrator.Core.Definitions;
using Orchestrator.Engine.DefinitionFiles;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Api.Definitions;

/// <summary>Reads definitions, and adds what only this service can know: which transports its engine has.</summary>
internal sealed class DefinitionCheck(IParticipantRegistry registry)
{
    /// <summary>What the embedded engine says to participants it cannot reach.</summary>
    public const string NeedsDapr =
        "The embedded engine reaches participants by \"url\" only; \"app\" and \"via\" need the engine on Dapr. "
        + "Give the participant a url.";

    /// <summary>Reads a definition, or says everything that is wrong.</summary>
    public CheckedDefinition Read(ReadOnlySpan<byte> utf8, DefinitionFormat format, string? expectedName)
    {
        var read = DefinitionFile.Read(utf8, format, expectedName);
        if (read.Definition is null) return read;
        var problems = read.Definition.Participants.Select(participant => ProblemOf(participant, read))
            .OfType<DefinitionProblem>();
        DefinitionProblem[] all = [.. problems.OrderBy(problem => problem.Line)];
        return all.Length == 0 ? read : read with { Definition = null, Problems = all };
    }

    /// <summary>
    /// What the store found: participants that were registered elsewhere since the definition was read.
    /// </summary>
    public IReadOnlyList<DefinitionProblem> AddressDiffers(
        CheckedDefinition read, IReadOnlyList<string> participants) =>
    [
        .. from participant in read.Definition!.Participants
           where participants.Contains(participant.Name)
           select Problem(participant, read, Elsewhere(participant, registry.Find(participant.Name))),
    ];

    private DefinitionProblem? ProblemOf(ParticipantDefinition participant, CheckedDefinition read)
    {
        if (participant.Url is null || participant.ViaPubSub) return Problem(participant, read, NeedsDapr);
        var known = registry.Find(participant.Name);
        return known is null || known.Url == participant.Url
            ? null
            : Problem(participant, read, Elsewhere(participant, known));
    }

    private static DefinitionProblem Problem(
        ParticipantDefinition participant, CheckedDefinition read, string message) =>
        new(read.ParticipantLines.GetValueOrDefault(participant.Name), $"participants.{participant.Name}", message);

    private static string Elsewhere(ParticipantDefinition participant, ParticipantEntry? known) =>
        $"{participant.Name} is registered at {known?.Url}, not at {participant.Url}. Write the registered address, "
        + $"or move the participant for all definitions with PUT /participants/{participant.Name}.";
}

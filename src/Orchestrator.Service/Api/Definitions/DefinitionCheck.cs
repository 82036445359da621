using Orchestrator.Core.Definitions;
using Orchestrator.Engine.DefinitionFiles;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Definitions;

/// <summary>Reads definitions, and adds what only this service can know: which transports its engine has.</summary>
internal sealed class DefinitionCheck(
    IParticipantRegistry registry, IParticipantCaller caller, ParticipantHosts hosts)
{
    /// <summary>
    /// Reads a definition, or says everything that is wrong, also of addresses that are not the registered ones.
    /// </summary>
    public CheckedDefinition Read(ReadOnlySpan<byte> utf8, DefinitionFormat format, string? expectedName) =>
        Read(utf8, format, expectedName, (participant, read) =>
            NoWayTo(participant, read) ?? NotWhereItIs(participant, read));

    /// <summary>
    /// Reads a definition that may be stored already: then its participants may have moved since, and only the store
    /// can say whether an address is wrong.
    /// </summary>
    public CheckedDefinition ReadAnywhere(ReadOnlySpan<byte> utf8, DefinitionFormat format) =>
        Read(utf8, format, null, NoWayTo);

    private static CheckedDefinition Read(
        ReadOnlySpan<byte> utf8, DefinitionFormat format, string? expectedName,
        Func<ParticipantDefinition, CheckedDefinition, DefinitionProblem?> find)
    {
        var read = DefinitionFile.Read(utf8, format, expectedName);
        if (read.Definition is null) return read;
        var problems = read.Definition.Participants.Select(participant => find(participant, read))
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

    private DefinitionProblem? NoWayTo(ParticipantDefinition participant, CheckedDefinition read) =>
        (hosts.WhyNot(participant.Url) ?? caller.WhyNot(participant)) is { } why
            ? Problem(participant, read, why)
            : null;

    private DefinitionProblem? NotWhereItIs(ParticipantDefinition participant, CheckedDefinition read)
    {
        var known = registry.Find(participant.Name);
        var isThere = known is null
            || (known.Url == participant.Url && known.App == participant.App
                && known.ViaPubSub == participant.ViaPubSub);
        return isThere ? null : Problem(participant, read, Elsewhere(participant, known));
    }

    private static DefinitionProblem Problem(
        ParticipantDefinition participant, CheckedDefinition read, string message) =>
        new(read.ParticipantLines.GetValueOrDefault(participant.Name), $"participants.{participant.Name}", message);

    private static string Elsewhere(ParticipantDefinition participant, ParticipantEntry? known) =>
        $"{participant.Name} is registered at {Place(known?.Url, known?.App, known?.ViaPubSub)}, not at "
        + $"{Place(participant.Url, participant.App, participant.ViaPubSub)}. Write the registered address, "
        + $"or move the participant for all definitions with PUT /participants/{participant.Name}.";

    private static string Place(Uri? url, string? app, bool? viaPubSub) =>
        (app is null ? $"{url}" : $"app {app}") + (viaPubSub == true ? " via pubsub" : "");
}

using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Security;

/// <summary>
/// What a caller sees of sagas whose definition marks fields as secret: operators see all, everybody else payloads with
/// the marked parts covered, and no words of participants and operators, which may repeat any part. Made anew for each
/// request.
/// </summary>
/// <param name="caller">Who reads.</param>
/// <param name="catalog">The definitions.</param>
internal sealed class Sight(Caller caller, IDefinitionCatalog catalog)
{
    /// <summary>What stands in the place of words.</summary>
    public const string HiddenWords = "Hidden: the definition marks fields as secret, and operators alone see words.";

    /// <summary>That of the caller of a request that was let in.</summary>
    public static Sight Of(HttpContext http) =>
        new(Caller.Of(http), http.RequestServices.GetRequiredService<IDefinitionCatalog>());

    /// <summary>What is covered of the payloads of a definition's sagas; null when nothing is.</summary>
    public SecretFields? Covers(SagaDefinition definition) =>
        definition.Secret.IsEmpty || caller.May(SagaRole.Operator, definition.Name)
            ? null
            : SecretFields.Of(definition);

    /// <summary>True when words about sagas of a definition's version are hidden.</summary>
    public bool HidesWords(string definition, int version) =>
        !caller.May(SagaRole.Operator, definition) && catalog.Find(definition, version) is not { Secret.IsEmpty: true };

    /// <summary>
    /// True when words are hidden that are about sagas of any version of a definition or, with null, of any definition.
    /// </summary>
    public bool HidesWords(string? definition = null) =>
        !caller.May(SagaRole.Operator, definition) && catalog.List().Any(
            stored => !stored.Definition.Secret.IsEmpty
                && (definition is null || stored.Definition.Name == definition));

    /// <summary>The words, or what stands in their place.</summary>
    public static string? Words(string? words, bool hides) => words is null || !hides ? words : HiddenWords;
}

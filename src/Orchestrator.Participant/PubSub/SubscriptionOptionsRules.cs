using Microsoft.Extensions.Options;

namespace Orchestrator.Participant.PubSub;

/// <summary>Checks the options when the host starts. Every message names the option and what to write.</summary>
internal sealed class SubscriptionOptionsRules : IValidateOptions<SagaSubscriptionOptions>
{
    private const int LongestName = 100;

    public ValidateOptionsResult Validate(string? name, SagaSubscriptionOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(SagaSubscriptionOptions options)
    {
        if (!IsName(options.Participant))
            yield return "SagaSubscriptionOptions.Participant must be the participant's name in definitions: "
                + "letters, digits, '-', "
                + "'_' and '.', at most 100 characters.";
        if (!IsName(options.PubSub))
            yield return "SagaSubscriptionOptions.PubSub must be the name of the pub/sub component: letters, digits, "
                + "'-', '_' and "
                + "'.', at most 100 characters.";
        if (options.SidecarAddress is { } address
            && (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https")))
            yield return "SagaSubscriptionOptions.SidecarAddress must be an absolute http address, or null.";
        if (options.LongestPause < TimeSpan.FromMilliseconds(100) || options.LongestPause > TimeSpan.FromMinutes(5))
            yield return "SagaSubscriptionOptions.LongestPause must lie between 100 milliseconds and 5 minutes.";
    }

    private static bool IsName(string? text) => text is { Length: > 0 and <= LongestName }
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
}

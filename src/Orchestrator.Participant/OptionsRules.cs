using Microsoft.Extensions.Options;

namespace Orchestrator.Participant;

/// <summary>Checks the options when the host starts. Every message names the option and what to write.</summary>
internal sealed class OptionsRules : IValidateOptions<SagaParticipantOptions>
{
    private const int ShortestToken = 16;

    public ValidateOptionsResult Validate(string? name, SagaParticipantOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(SagaParticipantOptions options)
    {
        if (options.Connect is null || options.Dialect is null)
            yield return "SagaParticipantOptions.Connect and Dialect are missing: in AddSagaParticipant call "
                + "options.UseDatabase(LedgerDialect.Sqlite, () => new SqliteConnection(...)).";
        else if (!Enum.IsDefined(options.Dialect.Value))
            yield return "SagaParticipantOptions.Dialect must be Sqlite, Postgres or SqlServer.";
        if (options.Token is { Length: < ShortestToken })
            yield return $"SagaParticipantOptions.Token must have at least {ShortestToken} characters, or be null.";
        if (options.Retention < TimeSpan.FromMinutes(2) || options.Retention > TimeSpan.FromDays(3650))
            yield return "SagaParticipantOptions.Retention must lie between 2 minutes and 3650 days.";
        if (options.Sweep < TimeSpan.FromMilliseconds(10) || options.Sweep > TimeSpan.FromHours(1))
            yield return "SagaParticipantOptions.Sweep must lie between 10 milliseconds and 1 hour.";
        if (options.AttemptsBeforeAttention < 1)
            yield return "SagaParticipantOptions.AttemptsBeforeAttention must be at least 1.";
        if (options.LongestBody is < 1024 or > 64 * 1024 * 1024)
            yield return "SagaParticipantOptions.LongestBody must lie between 1 KiB and 64 MiB.";
        if (options.Json is null)
            yield return "SagaParticipantOptions.Json must not be null.";
    }
}

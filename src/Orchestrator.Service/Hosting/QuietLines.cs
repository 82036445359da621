using Microsoft.Extensions.Options;

namespace Orchestrator.Service.Hosting;

/// <summary>
/// Keeps lines of the web server out of the log that repeat a request as it came: its address with the query, or a
/// header that cannot be read. Somebody may have put a token there, and no setting of the log may tell it on.
/// </summary>
internal sealed class QuietLines : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] Categories =
        ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests"];

    /// <inheritdoc />
    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // A rule for one provider goes before a rule for all, and of equal ones the last counts.
        var providers = options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToArray();
        foreach (var provider in providers)
            foreach (var category in Categories)
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, null));
    }
}

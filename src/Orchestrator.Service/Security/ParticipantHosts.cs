using System.Globalization;

namespace Orchestrator.Service.Security;

/// <summary>
/// Which hosts a participant may have, so that a definition cannot make the service ask addresses nobody meant
/// (server-side request forgery). Safe for any number of threads.
/// </summary>
internal sealed class ParticipantHosts(SecuritySettings settings)
{
    /// <summary>Why an address is not allowed, in a sentence; null when it is.</summary>
    public string? WhyNot(Uri? address)
    {
        if (address is null || settings.ParticipantHosts.IsEmpty) return null;
        return settings.ParticipantHosts.Any(allowed => Matches(allowed, address))
            ? null
            : $"The host {address.Authority} is not among those a participant may have here "
                + $"(Orchestrator:Security:ParticipantHosts: {string.Join(", ", settings.ParticipantHosts)}).";
    }

    private static bool Matches(string allowed, Uri address)
    {
        var colon = allowed.LastIndexOf(':');
        var hasPort = colon > allowed.LastIndexOf(']')
            && int.TryParse(allowed[(colon + 1)..], CultureInfo.InvariantCulture, out var port) && port == address.Port;
        if (colon > allowed.LastIndexOf(']') && !hasPort) return false;
        var host = hasPort ? allowed[..colon] : allowed;
        return host.StartsWith("*.", StringComparison.Ordinal)
            ? address.Host.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)
            : address.Host.Equals(host, StringComparison.OrdinalIgnoreCase);
    }
}

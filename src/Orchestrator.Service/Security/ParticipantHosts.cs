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

    /// <summary>
    /// True for what can be a host of the list: a name, <c>*.</c> and a name, or an address; each perhaps with a port.
    /// </summary>
    public static bool IsHost(string text)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']')
            && (text.StartsWith('[') || text.IndexOf(':', StringComparison.Ordinal) == colon);
        if (hasPort && !(ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, null, out var port) && port > 0))
            return false;
        var host = hasPort ? text[..colon] : text;
        if (host.StartsWith('[') != host.EndsWith(']')) return false;
        if (host.StartsWith("*.", StringComparison.Ordinal)) host = host[2..];
        return Uri.CheckHostName(host.Trim('[', ']')) switch
        {
            UriHostNameType.Dns or UriHostNameType.IPv4 => !host.StartsWith('['),
            // Without brackets its end would be read as a port.
            UriHostNameType.IPv6 => host.StartsWith('['),
            _ => false,
        };
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

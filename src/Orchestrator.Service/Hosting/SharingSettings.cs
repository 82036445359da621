using System.Net;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Service.Hosting;

/// <summary>How this orchestrator lives with others on the same database. Immutable.</summary>
/// <param name="Address">Where the others reach it; null for where it listens.</param>
/// <param name="Lease">Within so long the sagas of one that died go on with another.</param>
internal sealed record SharingSettings(Uri? Address, TimeSpan Lease)
{
    /// <summary>The key of <see cref="Address" />.</summary>
    public const string AddressKey = "Address";

    /// <summary>The key of <see cref="Lease" />.</summary>
    public const string LeaseKey = "Lease";

    /// <summary>Reads it; what is wrong is added to the problems.</summary>
    public static SharingSettings Read(IConfigurationSection section, TimeSpan standard, List<string> problems)
    {
        var address = ReadAddress(section, problems);
        if (section[LeaseKey] is not { } text) return new SharingSettings(address, standard);
        if (!Durations.TryRead(text, out var lease) || lease < ServiceLimits.ShortestLease
            || lease > ServiceLimits.LongestLease)
            problems.Add(
                $"{section.Path}:{LeaseKey} is \"{text}\". It is within how long the sagas of an orchestrator "
                + "that died go on with another: a duration such as 10s, "
                + $"from {Durations.Write(ServiceLimits.ShortestLease)} to "
                + $"{Durations.Write(ServiceLimits.LongestLease)}.");
        return new SharingSettings(address, lease);
    }

    private static Uri? ReadAddress(IConfigurationSection section, List<string> problems)
    {
        if (section[AddressKey] is not { } text) return null;
        var key = $"{section.Path}:{AddressKey}";
        const string what = "It is where other orchestrators reach this one: an address such as "
            + "http://orchestrator-1:5080";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            problems.Add($"{key} is \"{text}\". {what}.");
        // User information is a secret, so the address is not repeated.
        else if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            problems.Add($"{key} has more than a host and a path. {what}, without user information and query.");
        else if (IPAddress.TryParse(address.Host, out var ip) && ip.ToString() is "0.0.0.0" or "::")
            problems.Add($"{key} is \"{text}\", which nobody can reach: it stands for every address. {what}.");
        return address;
    }
}

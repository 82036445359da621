using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Orchestrator.Service.Hosting;

namespace Orchestrator.Service.Security;

/// <summary>Reads <c>Orchestrator:Security</c> and collects what is wrong.</summary>
internal sealed class SecuritySettingsReader(IConfiguration configuration, List<string> problems)
{
    /// <summary>The name of the section below <c>Orchestrator</c>.</summary>
    public const string Section = "Security";

    private const string Path = "Orchestrator:" + Section;

    private static readonly string[] Known =
        ["Mode", "Keys", "Oidc", "RequestsPerSecond", "ParticipantHosts", "ParticipantTokens"];
    private static readonly string[] Sections = ["Keys", "Oidc", "ParticipantTokens"];
    private static readonly string[] KnownOfToken = ["File"];
    private static readonly string[] KnownOfKey = ["Hash", "Grants"];
    private static readonly string[] KnownOfOidc = ["Issuer", "Audience", "RolesClaim", "NameClaim", "Roles"];
    private static readonly string[] SectionsOfOidc = ["Roles"];

    /// <summary>The settings; what is wrong was added to the problems.</summary>
    public SecuritySettings Read()
    {
        var section = configuration.GetSection(Path);
        SettingShapes.Check(section, Known, Sections, problems);
        var keys = section.GetSection("Keys").GetChildren().Select(ReadKey).OfType<ApiKey>().ToImmutableArray();
        var oidc = ReadOidc(section.GetSection("Oidc"));
        return new SecuritySettings
        {
            IsRequired = ReadMode(section["Mode"], keys.Length > 0 || oidc is not null),
            Keys = keys,
            Oidc = oidc,
            RequestsPerSecond = ReadRate(section["RequestsPerSecond"]),
            ParticipantHosts = ReadHosts(section["ParticipantHosts"]),
            ParticipantTokens = ReadTokens(section.GetSection("ParticipantTokens")),
        };
    }

    private bool ReadMode(string? mode, bool hasTokens)
    {
        switch (mode?.ToLowerInvariant())
        {
            case "off":
                return false;
            case "required":
                if (!hasTokens) problems.Add(NoTokens($"{Path}:Mode is \"required\""));
                return true;
            case null or "" or "auto":
                // Whoever configures tokens means them to be asked for; whoever listens to others has to.
                if (hasTokens) return true;
                if (OpenAddress() is not { } address) return false;
                problems.Add(NoTokens($"The service would listen on {address}, which is not this machine alone"));
                return true;
            default:
                problems.Add($"{Path}:Mode is \"{mode}\". Set it to \"auto\", \"required\" or \"off\".");
                return true;
        }
    }

    private static string NoTokens(string why) =>
        $"{why}, and nobody could sign in. Configure {Path}:Keys:NAME:Hash (the command \"key new\" makes one) or "
        + $"{Path}:Oidc:Issuer, or set {Path}:Mode to \"off\" where something before the service asks for tokens.";

    /// <summary>An address that others can reach; null when there is none.</summary>
    private string? OpenAddress()
    {
        var kestrel = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]);
        var urls = (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.TrimEntries);
        var ports = Words(configuration["http_ports"]).Concat(Words(configuration["https_ports"]))
            .Select(port => $"http://*:{port}");
        // Ports count only where no address is given.
        var given = kestrel.Concat(urls).OfType<string>().Where(url => url.Length > 0).ToList();
        return (given.Count > 0 ? given : ports).FirstOrDefault(url => !IsLoopback(url));
    }

    private static bool IsLoopback(string url)
    {
        // What is no address is refused by the web server later, with its own sentence.
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0) return true;
        var host = url[(start + 3)..].Split('/')[0];
        var end = host.LastIndexOf(':');
        if (end > host.LastIndexOf(']')) host = host[..end];
        host = host.Trim('[', ']');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.StartsWith("unix", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    private ApiKey? ReadKey(IConfigurationSection key)
    {
        SettingShapes.CheckSection(key, problems);
        SettingShapes.Check(key, KnownOfKey, [], problems);
        var grants = ReadGrants(key.Path + ":Grants", key["Grants"]);
        if (!ApiKey.TryReadHash(key["Hash"] ?? "", out var hash))
        {
            problems.Add($"{key.Path}:Hash is not the SHA-256 of a key, 64 hexadecimal digits. The command \"key new\" "
                + "prints one.");
            return null;
        }

        if (key.Key.Length <= ServiceLimits.ActorLength && Api.PrintableText.IsAscii(key.Key))
            return new ApiKey(key.Key, hash, grants);
        problems.Add($"{key.Path} is no name: it has 1 to {ServiceLimits.ActorLength} printable ASCII characters.");
        return null;
    }

    private ImmutableDictionary<string, ParticipantToken> ReadTokens(IConfigurationSection section)
    {
        var tokens = ImmutableDictionary.CreateBuilder<string, ParticipantToken>(StringComparer.Ordinal);
        foreach (var participant in section.GetChildren())
            if (ReadToken(participant) is { } token)
                tokens[participant.Key] = token;
        return tokens.ToImmutable();
    }

    /// <summary>What is wrong is said without what was configured: it may be a secret.</summary>
    private ParticipantToken? ReadToken(IConfigurationSection section)
    {
        SettingShapes.Check(section, KnownOfToken, [], problems);
        var file = section["File"];
        if (string.IsNullOrEmpty(section.Value) == string.IsNullOrEmpty(file))
        {
            problems.Add(
                $"{section.Path} must be the participant's token, or {section.Path}:File the file that holds it.");
            return null;
        }

        if (file is not null ? ParticipantToken.ReadFile(file) is not null : ParticipantToken.IsToken(section.Value!))
            return file is not null ? new ParticipantToken(null, file) : new ParticipantToken(section.Value, null);
        problems.Add(file is null
            ? $"{section.Path} is no token: it has 16 to 4096 printable ASCII characters and no blanks."
            : $"{section.Path}:File is {file}, which cannot be read or does not hold 16 to 4096 printable ASCII "
                + "characters without blanks.");
        return null;
    }

    private OidcSettings? ReadOidc(IConfigurationSection section)
    {
        if (!section.Exists()) return null;
        SettingShapes.Check(section, KnownOfOidc, SectionsOfOidc, problems);
        var isAddress = Uri.TryCreate(section["Issuer"], UriKind.Absolute, out var issuer)
            && (issuer.Scheme == Uri.UriSchemeHttps || (issuer.Scheme == Uri.UriSchemeHttp && issuer.IsLoopback));
        if (!isAddress)
            problems.Add($"{section.Path}:Issuer is no https address. Name your identity provider's.");
        if (string.IsNullOrWhiteSpace(section["Audience"]))
            problems.Add(
                $"{section.Path}:Audience is missing. Without it tokens for other services would be taken.");
        var roles = section.GetSection("Roles").GetChildren()
            .ToImmutableSortedDictionary(role => role.Key, role => ReadGrants(role.Path, role.Value));
        return isAddress && section["Audience"] is { } audience
            ? new OidcSettings(
                issuer!, audience, section["RolesClaim"] ?? "roles", section["NameClaim"] ?? "sub", roles)
            : null;
    }

    private ImmutableArray<Grant> ReadGrants(string path, string? text)
    {
        var grants = ImmutableArray.CreateBuilder<Grant>();
        foreach (var word in Words(text))
        {
            if (Grant.TryRead(word, out var grant)) grants.Add(grant);
            else
                problems.Add($"{path} has \"{word}\". A grant is viewer, starter, operator or admin, perhaps for one "
                    + "definition alone: starter@place-order.");
        }

        if (grants.Count == 0) problems.Add($"{path} grants nothing. Name at least one role, such as viewer.");
        return grants.ToImmutable();
    }

    /// <summary>An empty list is none: it would let a definition name any host.</summary>
    private ImmutableArray<string> ReadHosts(string? text)
    {
        const string key = Path + ":ParticipantHosts";
        if (text is null) return [];
        var hosts = Words(text);
        if (hosts.Length == 0)
            problems.Add($"{key} names no host. Write hosts with commas between them, or leave it out for any host.");
        foreach (var host in hosts.Where(host => !ParticipantHosts.IsHost(host)))
            problems.Add(
                $"{key}: \"{host}\" is no host. Write a name or an address without http://, such as "
                + "pay.example.org, *.example.org or 10.0.0.5:8080.");
        return [.. hosts];
    }

    private int? ReadRate(string? text)
    {
        if (text is null) return null;
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var rate)
            && rate is > 0 and <= ServiceLimits.HighestRate)
            return rate;
        problems.Add($"{Path}:RequestsPerSecond is \"{text}\". It is how many requests one caller may send in a "
            + $"second: 1 to {ServiceLimits.HighestRate}.");
        return null;
    }

    private static string[] Words(string? text) =>
        (text ?? "").Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

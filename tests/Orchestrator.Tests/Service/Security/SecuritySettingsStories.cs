using Microsoft.Extensions.Configuration;
using Orchestrator.Service.Hosting;
using Orchestrator.Service.Security;

namespace Orchestrator.Tests.Service.Security;

/// <summary>When tokens are asked for, and what is refused at the start.</summary>
public sealed class SecuritySettingsStories
{
    private static readonly string Hash = ApiKey.Make().Hash;

    [Theory]
    [InlineData(null)]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://localhost:5080;http://[::1]:5081")]
    public void This_machine_alone_needs_no_token(string? urls) => Read(("urls", urls)).IsRequired.Should().BeFalse();

    [Theory]
    [InlineData("urls", "http://0.0.0.0:5080")]
    [InlineData("urls", "http://*:5080")]
    [InlineData("urls", "http://127.0.0.1:5080;http://10.0.0.1:5080")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://+:80")]
    [InlineData("http_ports", "8080")]
    public void Whoever_listens_to_others_has_to_ask_for_tokens(string key, string value)
    {
        Refusal((key, value)).Should().Contain("nobody could sign in").And.Contain("key new");
        Read((key, value), ("Orchestrator:Security:Mode", "off")).IsRequired.Should().BeFalse();
        Read((key, value), Key("Hash", Hash), Key("Grants", "admin")).IsRequired.Should().BeTrue();
    }

    [Fact]
    public void Whoever_configures_a_key_means_it_to_be_asked_for() =>
        Read(Key("Hash", Hash), Key("Grants", "viewer, starter@order")).Should().Match<SecuritySettings>(settings =>
            settings.IsRequired && settings.Keys[0].Grants.Length == 2 && settings.Keys[0].Name == "ops");

    [Theory]
    [InlineData("Mode", "maybe", "\"auto\", \"required\" or \"off\"")]
    [InlineData("Mode", "required", "nobody could sign in")]
    [InlineData("Keys:ops:Hash", "1234", "64 hexadecimal digits")]
    [InlineData("Keys:ops:Grants", "boss", "viewer, starter, operator or admin")]
    [InlineData("Keys:ops:Grants", "3", "viewer, starter, operator or admin")]
    [InlineData("Keys:ops:Secret", "x", "not known")]
    [InlineData("RequestsPerSecond", "0", "how many requests")]
    [InlineData("Oidc:Issuer", "http://provider.example", "no https address")]
    [InlineData("Oidc:Issuer", "https://provider.example", "Audience is missing")]
    [InlineData("Mode:Value", "off", "Orchestrator:Security:Mode takes one value")]
    [InlineData("RequestsPerSecond:0", "5", "Orchestrator:Security:RequestsPerSecond takes one value")]
    [InlineData("RequestsPerSecond", "1000001", "1 to 1000000")]
    [InlineData("ParticipantHosts:0", "*.example.org", "Orchestrator:Security:ParticipantHosts takes one value")]
    [InlineData("ParticipantHosts", " , ", "Orchestrator:Security:ParticipantHosts names no host")]
    [InlineData("ParticipantHosts", "https://pay.example.org", "\"https://pay.example.org\" is no host")]
    [InlineData("Keys", "1234", "Orchestrator:Security:Keys takes keys below it")]
    [InlineData("Keys:ops", "1234", "Orchestrator:Security:Keys:ops takes keys below it")]
    [InlineData("Keys:ops:Grants:0", "admin", "Orchestrator:Security:Keys:ops:Grants takes one value")]
    [InlineData("ParticipantTokens", "1234567890123456", "Orchestrator:Security:ParticipantTokens takes keys below it")]
    [InlineData("Oidc", "https://provider.example", "Orchestrator:Security:Oidc takes keys below it")]
    [InlineData("Modus", "off", "Did you mean \"Mode\"?")]
    public void A_wrong_setting_is_refused_with_a_sentence(string key, string value, string said) =>
        Refusal(("Orchestrator:Security:" + key, value)).Should().Contain(said);

    [Theory]
    [InlineData("shop.example.org", true)]
    [InlineData("deep.shop.example.org", true)]
    [InlineData("example.org", false)]
    [InlineData("evil-example.org", false)]
    [InlineData("127.0.0.1:5102", true)]
    [InlineData("127.0.0.1:5103", false)]
    [InlineData("169.254.169.254", false)]
    public void A_participant_has_a_host_of_the_list_when_there_is_one(string host, bool isAllowed)
    {
        var hosts = new ParticipantHosts(
            Read(("Orchestrator:Security:ParticipantHosts", "*.example.org, 127.0.0.1:5102")));

        (hosts.WhyNot(new Uri("http://" + host)) is null).Should().Be(isAllowed);
        new ParticipantHosts(Read()).WhyNot(new Uri("http://" + host)).Should().BeNull();
    }

    [Theory]
    [InlineData("pay", true)]
    [InlineData("pay_1:8080", true)]
    [InlineData("*.example.org:443", true)]
    [InlineData("10.0.0.5", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("[fd00::1]", true)]
    [InlineData("fd00::1", false)]
    [InlineData("pay:0", false)]
    [InlineData("pay:http", false)]
    [InlineData("pay:70000", false)]
    [InlineData("pay/path", false)]
    [InlineData("*", false)]
    [InlineData("*.", false)]
    [InlineData("a b", false)]
    [InlineData("[pay]", false)]
    [InlineData("[::1", false)]
    public void A_host_of_the_list_is_a_name_or_an_address(string text, bool isHost) =>
        ParticipantHosts.IsHost(text).Should().Be(isHost);

    [Fact]
    public void The_command_makes_a_key_and_prints_what_is_configured()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        KeyCommand.Run(["key", "new", "shop", "starter@order"], output, error).Should().Be(0);
        output.ToString().Should().Contain("key:    sk_").And.Contain("Security:Keys:shop:Hash=");
        KeyCommand.Run(["key", "new"], output, error).Should().Be(2);
        KeyCommand.Run(["key", "new", "shop", "boss"], output, error).Should().Be(2);
        error.ToString().Should().Contain("\"boss\" is no grant");
    }

    private static (string, string?) Key(string name, string value) =>
        ("Orchestrator:Security:Keys:ops:" + name, value);

    internal static string Refusal(params (string Key, string? Value)[] values) =>
        FluentActions.Invoking(() => Read(values)).Should().Throw<StartRefusedException>().Which.Message;

    internal static SecuritySettings Read(params (string Key, string? Value)[] values) => SettingsReader.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)))
            .Build()).Security;
}

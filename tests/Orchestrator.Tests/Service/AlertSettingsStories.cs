using Microsoft.Extensions.Configuration;
using Orchestrator.Engine;
using Orchestrator.Service.Hosting;

namespace Orchestrator.Tests.Service;

/// <summary>Whom to tell when a saga wants a person, as it is configured.</summary>
public sealed class AlertSettingsStories
{
    private const string Secret = "hook-secret-0123456789";

    [Fact]
    public void A_target_is_told_of_what_it_is_configured_for()
    {
        var alerts = Read(
            ("Alerts:ops:Url", "https://example.org/hook"), ("Alerts:ops:On", "stuck, in-doubt"),
            ("Alerts:ops:Secret", Secret), ("AlertAfter", "2m")).Alerts;

        alerts.After.Should().Be(TimeSpan.FromMinutes(2));
        var target = alerts.Targets.Should().ContainSingle().Subject;
        target.Name.Should().Be("ops");
        target.On.Should().Equal(AlertReason.Stuck, AlertReason.InDoubt);
        (target.Token, target.Secret).Should().Be((null, Secret));
        Read().Alerts.Targets.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Alerts:ops:Token", Secret, "Url is missing")]
    [InlineData("Alerts:ops:Url", "ftp://x", "no http or https address")]
    [InlineData("Alerts:ops:Url", "http://user:hidden-word@x", "no http or https address")]
    [InlineData("Alerts:ops:On", "stuck, broken", "stuck, overdue, in-doubt")]
    [InlineData("Alerts:ops:Token", "short", "16 to 4096")]
    [InlineData("Alerts:ops:SecretFile", "no-such-file", "cannot be read")]
    [InlineData("Alerts:ops:Uri", "http://x", "Did you mean \"Url\"?")]
    [InlineData("AlertAfter", "soon", "a duration such as 30s")]
    [InlineData("AlertAfter", "2d", "at most 1d")]
    public void A_wrong_setting_is_refused_with_a_sentence_that_repeats_no_secret(string key, string value, string said)
    {
        var hasUrl = key is not ("Alerts:ops:Url" or "Alerts:ops:Uri") && said != "Url is missing";
        var reading = () => hasUrl
            ? Read((key, value), ("Alerts:ops:Url", "http://127.0.0.1:1"))
            : Read((key, value));

        var refused = reading.Should().Throw<StartRefusedException>().Which.Message;

        refused.Should().Contain(said).And.NotContain(Secret).And.NotContain("hidden-word");
    }

    private static ServiceSettings Read(params (string Key, string Value)[] values) => SettingsReader.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.ToDictionary(pair => "Orchestrator:" + pair.Key, pair => (string?)pair.Value))
            .Build());
}

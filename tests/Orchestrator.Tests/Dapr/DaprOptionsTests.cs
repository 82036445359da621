using Microsoft.Extensions.Configuration;
using Orchestrator.Dapr;

namespace Orchestrator.Tests.Dapr;

public sealed class DaprOptionsTests
{
    [Fact]
    public void The_ports_that_dapr_run_sets_are_enough()
    {
        var options = Read(("DAPR_GRPC_PORT", "50001"), ("DAPR_HTTP_PORT", "3500"));

        (options.GrpcEndpoint.ToString(), options.HttpEndpoint.ToString(), options.ApiToken)
            .Should().Be(("http://127.0.0.1:50001/", "http://127.0.0.1:3500/", null));
    }

    [Theory]
    [InlineData("http://sidecar:50001", "http://sidecar:50001/")]
    [InlineData("https://sidecar.example.org/", "https://sidecar.example.org/")]
    [InlineData("sidecar:50001", "http://sidecar:50001/")]
    [InlineData("dns:sidecar:443?tls=true", "https://sidecar/")]
    [InlineData("https://sidecar:50001?tls=true", "https://sidecar:50001/")]
    public void An_address_goes_before_a_port(string text, string expected) =>
        Read(("DAPR_GRPC_ENDPOINT", text), ("DAPR_GRPC_PORT", "1"), ("DAPR_HTTP_PORT", "3500")).GrpcEndpoint.ToString()
            .Should().Be(expected);

    [Fact]
    public void The_token_is_taken_and_an_empty_one_is_none()
    {
        Read(Local(("DAPR_API_TOKEN", " secret "))).ApiToken.Should().Be("secret");
        Read(Local(("DAPR_API_TOKEN", ""))).ApiToken.Should().BeNull();
    }

    [Theory]
    [InlineData("DAPR_GRPC_PORT", null, "*dapr run*DAPR_GRPC_PORT*DAPR_GRPC_ENDPOINT*")]
    [InlineData("DAPR_HTTP_PORT", "", "*DAPR_HTTP_PORT*DAPR_HTTP_ENDPOINT*")]
    [InlineData("DAPR_GRPC_PORT", "0", "*DAPR_GRPC_PORT is \"0\"*")]
    [InlineData("DAPR_GRPC_PORT", "65536", "*1 to 65535*")]
    [InlineData("DAPR_GRPC_ENDPOINT", "ftp://x", "*DAPR_GRPC_ENDPOINT is \"ftp://x\"*")]
    [InlineData("DAPR_HTTP_ENDPOINT", "http://", "*DAPR_HTTP_ENDPOINT*")]
    [InlineData("DAPR_GRPC_ENDPOINT", "http://me:secret@x", "*user name*")]
    public void What_is_missing_or_wrong_is_named(string name, string? value, string says)
    {
        var reading = () => Read(Local((name, value)));

        reading.Should().Throw<ArgumentException>().WithMessage(says).Which.Message.Should().NotContain("secret@");
    }

    [Fact]
    public void A_token_that_a_header_cannot_carry_is_refused_without_being_shown()
    {
        var reading = () => Read(Local(("DAPR_API_TOKEN", "hush\nhush")));

        reading.Should().Throw<ArgumentException>().WithMessage("DAPR_API_TOKEN*").Which.Message.Should().NotContain("hush");
    }

    [Fact]
    public void A_limit_that_makes_no_sense_is_refused()
    {
        var options = Read(Local());

        (options with { CallTimeout = TimeSpan.Zero }).Invoking(it => it.Validate())
            .Should().Throw<ArgumentException>();
        (options with { CompletionTimeout = -TimeSpan.FromSeconds(1) }).Invoking(it => it.Validate())
            .Should().Throw<ArgumentException>();
        (options with { MaxMessageBytes = 1000 }).Invoking(it => it.Validate()).Should().Throw<ArgumentException>();
        (options with { MaxReceivedBytes = 1000 }).Invoking(it => it.Validate()).Should().Throw<ArgumentException>();
    }

    private static (string Name, string? Value)[] Local(params (string Name, string? Value)[] others) =>
        [("DAPR_GRPC_PORT", "50001"), ("DAPR_HTTP_PORT", "3500"), .. others];

    private static DaprOptions Read(params (string Name, string? Value)[] values) => DaprOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(
            values.GroupBy(value => value.Name).Select(group => KeyValuePair.Create(group.Key, group.Last().Value)))
                .Build());
}

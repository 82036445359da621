using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Orchestrator.Tests.Service.Security;

/// <summary>Tokens of an identity provider, here one of our own on a real port.</summary>
public sealed class OidcStories : IAsyncLifetime
{
    private readonly RSA rsa = RSA.Create(2048);
    private WebApplication? provider;
    private RunningService? service;
    private string issuer = "";

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        provider = builder.Build();
        provider.Urls.Add("http://127.0.0.1:0");
        provider.MapGet("/.well-known/openid-configuration", () => Results.Text(
            $$"""{"issuer":"{{issuer}}","jwks_uri":"{{issuer}}/keys" }""", "application/json"));
        provider.MapGet("/keys", () => Results.Text($$"""{"keys":[{{PublicKey()}}] }""", "application/json"));
        await provider.StartAsync();
        issuer = provider.Urls.First();
        service = await RunningService.StartWithAsync([.. Settings()]);
    }

    public async Task DisposeAsync()
    {
        await service!.DisposeAsync();
        await provider!.DisposeAsync();
        rsa.Dispose();
    }

    [Fact]
    public async Task A_token_of_the_provider_is_taken_with_the_roles_of_its_groups()
    {
        using var answer = await AskAsync(Token());

        var body = await RunningService.JsonOf(answer);
        body.GetProperty("actor").GetString().Should().Be("alice");
        body.GetProperty("roles")[0].GetString().Should().Be("operator");
    }

    [Fact]
    public async Task A_group_that_means_nothing_here_gives_no_role()
    {
        using var answer = await AskAsync(Token(group: "admin"), "/sagas");

        await answer.ShouldBeProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task A_token_that_is_late_foreign_forged_or_unsigned_is_not_accepted()
    {
        using var other = RSA.Create(2048);
        string[] wrong =
        [
            Token(expiresIn: TimeSpan.FromMinutes(-5)), Token(audience: "another-service"),
            Token(from: "https://other.example"), Token(key: other), Token()[..^4] + "AAAA",
            Token().Split('.')[0] + "." + Token().Split('.')[1] + ".", "a.b.c",
        ];
        foreach (var token in wrong)
        {
            using var answer = await AskAsync(token);
            await answer.ShouldBeProblemAsync(401, "unauthenticated");
        }
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/events/pulse")]
    public async Task A_stream_ends_at_the_instant_its_token_is_not_accepted_any_more(string path)
    {
        var clock = new ManualTime(TimeProvider.System.GetUtcNow());
        var own = await RunningService.StartWithAsync(
            builder => builder.Services.AddSingleton<TimeProvider>(clock), [.. Settings()]);
        var opened = clock.GetUtcNow();
        await using (var stream = await LineStream.OpenAsync(own, path, Token(expiresIn: TimeSpan.FromMinutes(5))))
        {
            // A token is accepted a minute longer than it says, for clocks differ.
            while (clock.GetUtcNow() < opened + TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(50))
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }

            await stream.NextAsync();
            stream.HasEnded.Should().BeFalse();
            clock.Advance(TimeSpan.FromSeconds(11));

            await stream.EndAsync();
        }

        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_of_a_machine_whose_clock_was_set_forward_ends_with_its_token()
    {
        var machine = new ManualTime(TimeProvider.System.GetUtcNow());
        var clock = new SetClock(machine);
        var own = await RunningService.StartWithAsync(
            builder => builder.Services.AddSingleton<TimeProvider>(clock), [.. Settings()]);
        await using (var stream = await LineStream.OpenAsync(own, "/events", Token(expiresIn: TimeSpan.FromMinutes(5))))
        {
            clock.SetBy = TimeSpan.FromMinutes(7);
            machine.Advance(TimeSpan.FromSeconds(15));

            await stream.EndAsync();
        }

        await own.DisposeAsync();
    }

    private IEnumerable<string> Settings() =>
    [
        $"--Orchestrator:Security:Oidc:Issuer={issuer}", "--Orchestrator:Security:Oidc:Audience=orchestrator",
        "--Orchestrator:Security:Oidc:Roles:night-shift=operator", "--Orchestrator:Security:Oidc:RolesClaim=groups",
    ];

    private Task<HttpResponseMessage> AskAsync(string token, string path = "/whoami") =>
        service!.SendAsync(HttpMethod.Get, path, null, ("Authorization", "Bearer " + token));

    private string Token(
        string audience = "orchestrator", string? from = null, string group = "night-shift", TimeSpan? expiresIn = null,
        RSA? key = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var ends = now + (expiresIn ?? TimeSpan.FromMinutes(5));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = from ?? issuer,
            Audience = audience,
            NotBefore = ends - TimeSpan.FromMinutes(20),
            IssuedAt = ends - TimeSpan.FromMinutes(20),
            Expires = ends,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "alice", ["groups"] = group },
            SigningCredentials = new SigningCredentials(
                new RsaSecurityKey(key ?? rsa) { KeyId = "one" }, SecurityAlgorithms.RsaSha256),
        });
    }

    private string PublicKey()
    {
        var open = rsa.ExportParameters(includePrivateParameters: false);
        return $$"""
            {"kty":"RSA","use":"sig","alg":"RS256","kid":"one","n":"{{Base64UrlEncoder.Encode(open.Modulus)}}",
             "e":"{{Base64UrlEncoder.Encode(open.Exponent)}}" }
            """;
    }
}

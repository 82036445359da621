using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Orchestrator.Service.Security;
using Orchestrator.Tests.Engine;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Telemetry;

/// <summary>
/// A token is for whoever it is sent to: with every line of the log and every span and figure told, none is in them,
/// nor in an answer or in the store.
/// </summary>
[Collection(ListeningAlone.Name)]
public sealed class TokenSecrecyStories : IAsyncLifetime, IDisposable
{
    private const string ForShop = "tokOfTheShop-0123456789abcdef";
    private const string ForBank = "tokOfTheBank-0123456789abcdef";
    private const string ForPager = "tokOfThePager-0123456789abcdef";
    private const string PagerSecret = "whsec_c2VjcmV0T2ZUaGVQYWdlcjAxMjM0NTY3ODk=";
    private const string PagerPath = "pathOfThePager0123456789";
    private const string WrongKey = "sk_wrongwrongwrongwrongwrong0123456789";
    // An unsigned token of an identity provider, as somebody would forge one.
    private const string Forged = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWxsb3J5Rm9yZ2VkIn0.c2lnbmF0dXJl";

    private readonly StringBuilder answers = new();
    private readonly EverythingTold told = new();
    private readonly (string Key, string Hash) admin = ApiKey.Make();
    private readonly (string Key, string Hash) viewer = ApiKey.Make();
    private OtlpReceiver receiver = null!;
    private HttpParticipant pager = null!;
    private RunningService service = null!;

    public async Task InitializeAsync()
    {
        receiver = await OtlpReceiver.StartAsync();
        pager = await HttpParticipant.StartAsync();
        pager.Says = _ => Task.CompletedTask;
        service = await RunningService.StartWithAsync(
            builder => builder.Logging.AddProvider(told),
            [
                .. receiver.Settings,
                "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
                "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Trace",
                "--Logging:OpenTelemetry:LogLevel:Default=Trace", "--Logging:Console:LogLevel:Default=None",
                $"--Orchestrator:Security:Keys:admin:Hash={admin.Hash}",
                "--Orchestrator:Security:Keys:admin:Grants=admin",
                $"--Orchestrator:Security:Keys:viewer:Hash={viewer.Hash}",
                "--Orchestrator:Security:Keys:viewer:Grants=viewer",
                "--Orchestrator:Security:Oidc:Issuer=http://127.0.0.1:1", "--Orchestrator:Security:Oidc:Audience=us",
                $"--Orchestrator:Security:ParticipantTokens:shop={ForShop}",
                $"--Orchestrator:Security:ParticipantTokens:bank={ForBank}",
                $"--Orchestrator:Alerts:ops:Url={new Uri(pager.Address, "/" + PagerPath)}",
                $"--Orchestrator:Alerts:ops:Token={ForPager}", $"--Orchestrator:Alerts:ops:Secret={PagerSecret}",
                $"--Orchestrator:Alerts:dead:Url=http://127.0.0.1:1/{PagerPath}?key={ForPager}",
                $"--Orchestrator:Alerts:dead:Token={ForPager}",
            ]);
    }

    public async Task DisposeAsync()
    {
        await service.DisposeAsync();
        await pager.DisposeAsync();
        await receiver.DisposeAsync();
    }

    public void Dispose() => told.Dispose();

    [Fact]
    public async Task No_token_and_no_secret_is_told_to_anybody_it_is_not_for()
    {
        var stuck = await StuckAsync();
        await AskWithTokensAsync(stuck);
        await AskWithWhatIsNoRequestAsync();
        await SendAsync(HttpMethod.Post, "/alerts/test", "{}", ("Authorization", $"Bearer {admin.Key}"));
        await SendAsync(HttpMethod.Get, "/metrics", null, ("Authorization", $"Bearer {admin.Key}"));
        await SendAsync(HttpMethod.Get, "/audit", null, ("Authorization", $"Bearer {admin.Key}"));
        told.Ask();
        await service.StopAsync();

        // The tokens went where they belong, and everything else was told something.
        service.Participant.Authorizations.Should().Contain($"Bearer {ForShop}");
        pager.Seen.Should().Contain(request => request.Headers["Authorization"] == $"Bearer {ForPager}");
        told.Lines.Should().Contain(line => line.Contains("Routing")).And.Contain(line => line.Contains(stuck));
        told.Spans.Should().Contain(span => span.Contains(stuck));
        told.Figures.Keys.Should().Contain(figure => figure.StartsWith("http.server.request.duration"));
        receiver.Bodies.Should().Contain(body => body.Contains(stuck));
        answers.ToString().Should().Contain("\"code\":\"forbidden\"").And.Contain("orchestrator_ready");
        // What is told may be cut, so their beginnings are looked for.
        foreach (var secret in (string[])[
            admin.Key[..20], viewer.Key[..20], WrongKey[..20], "eyJzdWIiOiJtYWxsb3J5", ForShop[..14], ForBank[..14],
            ForPager[..14], PagerSecret[6..20], PagerPath])
            ShouldBeNowhere(secret);
    }

    private void ShouldBeNowhere(string secret)
    {
        told.Lines.Where(line => line.Contains(secret)).Should().BeEmpty("the log is no place for {0}", secret);
        told.Spans.Where(span => span.Contains(secret)).Should().BeEmpty("a span is no place for {0}", secret);
        told.Figures.Keys.Where(figure => figure.Contains(secret)).Should().BeEmpty();
        receiver.Bodies.Where(body => body.Contains(secret)).Should().BeEmpty("OTLP is no place for {0}", secret);
        if (secret != PagerPath) answers.ToString().Should().NotContain(secret);
        foreach (var file in Directory.GetFiles(service.Data, "*", SearchOption.AllDirectories))
            Encoding.Latin1.GetString(File.ReadAllBytes(file)).Should().NotContain(secret, file);
    }

    /// <summary>
    /// A saga whose participant refuses what must succeed, beside one whose participant cannot be reached.
    /// </summary>
    private async Task<string> StuckAsync()
    {
        service.Participant.Answer("notify/do", 409, """{"code":"refused","detail":"no"}""");
        const string lost = """
            {"name":"lost","deadline":"1h","participants":{"bank":{"url":"http://127.0.0.1:1"}},
             "steps":[{"name":"pay","participant":"bank"}]}
            """;
        var note = $$$"""
            {"name":"note","deadline":"1h","participants":{"shop":{"url":"{{{service.Participant.Url}}}"}},
             "steps":[{"name":"notify","participant":"shop","kind":"retriable"}]}
            """;
        var token = ("Authorization", $"Bearer {admin.Key}");
        await SendAsync(HttpMethod.Put, "/definitions/lost", lost, token);
        await SendAsync(HttpMethod.Put, "/definitions/note", note, token);
        await SendAsync(HttpMethod.Post, "/sagas/lost", "{}", token);
        var started = await SendAsync(HttpMethod.Post, "/sagas/note", "{}", token);
        var id = started[(started.IndexOf("\"id\":\"", StringComparison.Ordinal) + 6)..][..32];
        await Eventually.TrueAsync(
            () => pager.Seen.Any(request => request.Body.Contains(id, StringComparison.Ordinal)), "somebody is told");
        await Eventually.TrueAsync(
            () => told.Spans.Any(span => span.Contains("do pay", StringComparison.Ordinal)), "the other one is tried");
        return id;
    }

    private async Task AskWithTokensAsync(string id)
    {
        string[] tokens = [admin.Key, viewer.Key, WrongKey, Forged, viewer.Key + " " + admin.Key];
        string[] paths = ["/sagas", $"/sagas/{id}", "/whoami", "/nothing-here", "/batches", "/audit", "/"];
        foreach (var token in tokens)
            foreach (var path in paths)
            {
                var query = $"{path}?access_token={Uri.EscapeDataString(token)}&token={Uri.EscapeDataString(token)}";
                await SendAsync(HttpMethod.Get, path, null, ("Authorization", $"Bearer {token}"));
                await SendAsync(HttpMethod.Get, query, null);
                await SendAsync(HttpMethod.Get, query, null, ("Authorization", $"Bearer {admin.Key}"));
                await SendAsync(HttpMethod.Get, path, null, ("Cookie", $"token={token}"));
                await SendAsync(HttpMethod.Get, path, null, ("Authorization", token));
            }

        foreach (var token in tokens)
        {
            (string, string)[] header = [("Authorization", $"Bearer {token}"), ("X-Actor", "mallory")];
            await SendAsync(HttpMethod.Post, $"/sagas/{id}/cancel?access_token={token[..20]}", "{}", header);
            await SendAsync(HttpMethod.Post, $"/sagas/note?access_token={token[..20]}", "{}", header);
            await SendAsync(HttpMethod.Delete, $"/sagas/{id}", null, header);
            await SendAsync(HttpMethod.Put, "/participants/shop", "{", header);
        }
    }

    /// <summary>What the web server cannot read it may complain of, but not repeat.</summary>
    private async Task AskWithWhatIsNoRequestAsync()
    {
        string[] requests =
        [
            $"GET /sagas HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {admin.Key}\u0001\r\n\r\n",
            $"GET /sagas HTTP/1.1\r\nHost: a\r\nAuthorization Bearer {admin.Key}\r\n\r\n",
            $"GET /sagas HTTP/1.1\r\nHost: a\r\n{admin.Key}\r\n\r\n",
            $"GET /sagas?token={admin.Key}\u0001 HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET /sagas?token={admin.Key} HTTP/9.9\r\nHost: a\r\n\r\n",
            $"GET {admin.Key} HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET /sagas HTTP/1.1\r\nHost: {admin.Key} x\r\n\r\n",
            $"POST /sagas/note HTTP/1.1\r\nHost: a\r\nContent-Length: {admin.Key}\r\n\r\n",
        ];
        foreach (var request in requests)
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", service.Http.BaseAddress!.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            var answer = await FirstAsync(stream);
            answers.AppendLine(answer);
            answer.Should().StartWith("HTTP/1.1 ", request[..40]);
        }
    }

    private static async Task<string> FirstAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        return Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }

    private async Task<string> SendAsync(
        HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var answer = await service.SendAsync(
            method, path, json is null ? null : RunningService.Body(json), headers);
        var text = $"{answer.Headers} {await answer.Content.ReadAsStringAsync()}";
        answers.AppendLine(text);
        return text;
    }
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Tests.Service;

/// <summary>
/// A participant as any language would write one: it answers what a test tells it to, 200 with an id else.
/// </summary>
internal sealed class FakeParticipant : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> answers = new();

    private FakeParticipant(WebApplication app) => this.app = app;

    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>What each request had for <c>Authorization</c>; empty for nothing.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    public string Url => app.Urls.First();

    /// <summary>What it shows of a row when it is asked (GET); null: it answers as to a command.</summary>
    public string? Rows { get; set; }

    public static async Task<FakeParticipant> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var participant = new FakeParticipant(web);
        web.Run(participant.AnswerAsync);
        await web.StartAsync();
        return participant;
    }

    /// <summary>What <c>reserve/do</c> and so on answers from now on.</summary>
    public FakeParticipant Answer(string command, int status, string json = "{}")
    {
        answers[command] = async http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = status >= 400 ? "application/problem+json" : "application/json";
            await http.Response.WriteAsync(json);
        };
        return this;
    }

    /// <summary>Holds the answers to a command back until the task ends.</summary>
    public FakeParticipant HoldBack(string command, Task until)
    {
        answers[command] = async http =>
        {
            await until.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsync("""{"id":1}""");
        };
        return this;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task AnswerAsync(HttpContext http)
    {
        var command = http.Request.Path.Value!.Replace("/saga/", "", StringComparison.Ordinal);
        Seen.Enqueue(command);
        Authorizations.Enqueue(http.Request.Headers.Authorization.ToString());
        if (answers.TryGetValue(command, out var answer)) return answer(http);
        http.Response.ContentType = "application/json";
        if (Rows is { } row && HttpMethods.IsGet(http.Request.Method)) return http.Response.WriteAsync(row);
        return http.Response.WriteAsync("""{"id":1}""");
    }
}

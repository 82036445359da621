using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Orchestrator.Contract;

namespace Orchestrator.Benchmarks.Load;

/// <summary>
/// A participant that remembers nothing and answers at once, so that only the orchestrator is measured; also a
/// collector that forgets what it gets by OTLP.
/// </summary>
internal static class InstantParticipant
{
    private static readonly byte[] Output = """{"id":"r-4711"}"""u8.ToArray();

    private static readonly string Ledger = Guid.NewGuid().ToString();

    /// <summary>Serves until its input is closed: it does not outlive whoever started it.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        Console.WriteLine($"Now listening on: {app.Urls.Single()}");
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        await DrainAsync(http.Request);
        if (path is "/saga/busy/do")
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (path.EndsWith("/do", StringComparison.Ordinal)) await SayAsync(http.Response, "held", Output);
        else if (path.EndsWith("/confirm", StringComparison.Ordinal)) await SayAsync(http.Response, "confirmed", []);
        else if (path.EndsWith("/undo", StringComparison.Ordinal)) await SayAsync(http.Response, "undone", []);
        else if (path is "/saga/ended") http.Response.ContentLength = 0;
        else if (path.StartsWith("/v1/", StringComparison.Ordinal)) http.Response.ContentLength = 0;
        else if (path is "/start") await SayAsync(http.Response, "held", Output);
        else http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task SayAsync(HttpResponse response, string state, byte[] body)
    {
        response.Headers[SagaHeaders.SagaState] = state;
        response.Headers[SagaHeaders.SagaLedger] = Ledger;
        response.ContentLength = body.Length;
        if (body.Length == 0) return;
        response.ContentType = "application/json";
        await response.Body.WriteAsync(body);
    }

    private static async Task DrainAsync(HttpRequest request)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }
}

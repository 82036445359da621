using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Tests.Service;

/// <summary>Every error is a problem with a code, also those nobody wrote an endpoint for.</summary>
public sealed class ProblemStories(RunningService service) : IClassFixture<RunningService>
{
    [Theory]
    [InlineData("GET", "/nothing", 404, "not-found")]
    [InlineData("POST", "/elsewhere", 404, "not-found")]
    [InlineData("GET", "/assets/none.js", 404, "not-found")]
    [InlineData("GET", "/openapi/v9.json", 404, "not-found")]
    [InlineData("PATCH", "/sagas", 405, "method-not-allowed")]
    [InlineData("GET", "/sagas/x/cancel", 405, "method-not-allowed")]
    [InlineData("DELETE", "/definitions/x", 405, "method-not-allowed")]
    public async Task Unknown_addresses_and_methods_are_problems(string method, string path, int status, string code)
    {
        var answer = await service.SendAsync(new HttpMethod(method), path);

        await answer.ShouldBeProblemAsync(status, code);
    }

    [Fact]
    public async Task A_405_names_the_methods_there_are()
    {
        var answer = await service.SendAsync(HttpMethod.Patch, "/sagas/x");

        answer.Content.Headers.Allow.Should().BeEquivalentTo("GET", "DELETE", "POST");
        (await answer.ShouldBeProblemAsync(405, "method-not-allowed")).Detail().Should().Contain("GET");
    }

    [Fact]
    public async Task A_bug_is_a_500_without_its_trace_and_a_full_store_a_503_with_retry_after()
    {
        var own = await RunningService.StartAsync(
            builder => builder.Services.AddSingleton<ISagaEngine, BrokenEngine>());

        var bug = await own.Http.GetAsync("/sagas/bug");
        var unreadable = await own.Http.GetAsync("/sagas/store");
        await own.DefineAsync("any");
        var full = await own.StartSagaAsync("any");
        var verb = await own.SendAsync(HttpMethod.Post, "/sagas/x/retry", null, ("X-Actor", "a"));
        var delete = await own.SendAsync(HttpMethod.Delete, "/sagas/x", null, ("X-Actor", "a"));

        var problem = await bug.ShouldBeProblemAsync(500, "internal");
        problem.GetRawText().Should().NotContain("secret cause");
        full.Headers.RetryAfter!.Delta.Should().BePositive();
        await unreadable.ShouldBeProblemAsync(503, "unavailable");
        (await full.ShouldBeProblemAsync(503, "unavailable")).Detail().Should().Be("The disk is full.");
        await verb.ShouldBeProblemAsync(503, "unavailable");
        await delete.ShouldBeProblemAsync(503, "unavailable");
        await own.DisposeAsync();
    }

    [Fact]
    public async Task An_owner_that_breaks_off_is_a_502_for_nobody_knows_what_it_did()
    {
        using var owner = new TcpListener(IPAddress.Loopback, 0);
        owner.Start();
        var breakingOff = BreakOffAsync(owner);
        var own = await RunningService.StartAsync(builder => builder.Services.AddSingleton<ISagaOwners>(
            new FarOwner(new Uri($"http://{owner.LocalEndpoint}"))));

        var answer = await own.SendAsync(
            HttpMethod.Post, "/sagas/far/cancel", RunningService.Body("{}"), ("X-Actor", "a"));

        await breakingOff;
        (await answer.ShouldBeProblemAsync(502, "owner-lost")).Detail().Should().Contain("not known whether");
        await own.DisposeAsync();
    }

    [Fact]
    public async Task One_stream_too_many_is_a_503_until_another_one_ends()
    {
        const int most = 500;
        var own = await RunningService.StartAsync();
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < most; i++) open.Add(await own.SendAsync(HttpMethod.Get, "/events"));

        foreach (var path in (string[])["/events", "/events/pulse"])
        {
            var refused = await own.SendAsync(HttpMethod.Get, path);
            refused.Headers.RetryAfter!.Delta.Should().BePositive();
            await refused.ShouldBeProblemAsync(503, "too-many-streams");
        }

        open[0].Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                using var next = await own.SendAsync(HttpMethod.Get, "/events");
                return next.IsSuccessStatusCode;
            },
            "there is room again");
        foreach (var stream in open) stream.Dispose();
        await own.DisposeAsync();
    }

    [Fact]
    public async Task No_answer_names_the_server()
    {
        using var answer = await service.Http.GetAsync("/healthz");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Headers.Server.Should().BeEmpty();
    }

    /// <summary>Takes one request and hangs up.</summary>
    private static async Task BreakOffAsync(TcpListener owner)
    {
        using var caller = await owner.AcceptTcpClientAsync();
        (await caller.GetStream().ReadAsync(new byte[1])).Should().Be(1);
    }

    private sealed class FarOwner(Uri address) : ISagaOwners
    {
        public IReadOnlyList<Uri> Others => [];

        public TimeSpan TakeOver => TimeSpan.Zero;

        public ValueTask<SagaPlace> FindAsync(string sagaId, CancellationToken cancel) =>
            ValueTask.FromResult<SagaPlace>(new SagaPlace.Elsewhere(address));

        public void Announce(Uri own)
        {
        }
    }

    private sealed class BrokenEngine : ISagaEngine
    {
        public Task<StartOutcome> StartAsync(StartRequest request, CancellationToken cancel) =>
            Task.FromResult<StartOutcome>(new StartOutcome.Unavailable("The disk is full."));

        public Task<VerbOutcome> SubmitAsync(string sagaId, SagaVerb verb, CancellationToken cancel) =>
            Task.FromResult<VerbOutcome>(new VerbOutcome.Unavailable("The disk is full."));

        public Task<StartedSaga?> FindAsync(string sagaId, CancellationToken cancel) => throw (sagaId == "store"
            ? new Orchestrator.Engine.Ports.StoreUnavailableException("The store cannot be read.")
            : new InvalidOperationException("secret cause"));

        public Task<StartedSaga?> WaitForEndAsync(string sagaId, TimeSpan limit, CancellationToken cancel) =>
            throw new InvalidOperationException("secret cause");

        public Task<StartedSaga?> WaitUntilAsync(
            string sagaId, Func<StartedSaga, bool> isSo, TimeSpan limit, CancellationToken cancel) =>
            throw new InvalidOperationException("secret cause");

        public Task<RerunOutcome> RerunAsync(RerunRequest request, CancellationToken cancel) =>
            throw new InvalidOperationException("secret cause");

        public Task<DeleteOutcome> DeleteAsync(string sagaId, string actor, CancellationToken cancel) =>
            Task.FromResult(DeleteOutcome.Unavailable);
    }
}

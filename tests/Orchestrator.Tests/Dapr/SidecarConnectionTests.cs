using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Orchestrator.Dapr;
using Orchestrator.Dapr.Framing;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.Tests.Dapr;

public sealed class SidecarConnectionTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly StartRequest Start = new() { InstanceId = "a", Name = "place-order", Input = "{}" };
    private RawSidecar sidecar = null!;
    private SidecarConnection connection = null!;

    public async Task InitializeAsync()
    {
        sidecar = await RawSidecar.StartAsync();
        connection = new SidecarConnection(sidecar.Options, TimeProvider.System);
    }

    public void Dispose() => connection.Dispose();

    public async Task DisposeAsync() => await sidecar.DisposeAsync();

    [Fact]
    public async Task A_call_is_the_bytes_a_sidecar_expects()
    {
        sidecar.Says = context => RawSidecar.ReplyAsync(context, new StartReply { InstanceId = "a" });
        using var other = new SidecarConnection(sidecar.Options with { ApiToken = "t0ken" }, TimeProvider.System);

        (await other.StartInstanceAsync(Start, default)).InstanceId.Should().Be("a");

        var call = sidecar.Seen.Single();
        (call.Method, call.Protocol).Should().Be(("/TaskHubSidecarService/StartInstance", "HTTP/2"));
        call.Frame.Should().Equal(FrameWriter.Write(Start, 1000));
        call.Headers.Should().Contain(new Dictionary<string, string>
        {
            ["content-type"] = "application/grpc",
            ["te"] = "trailers",
            ["dapr-api-token"] = "t0ken",
            ["grpc-timeout"] = "10000000u",
        });
    }

    [Fact]
    public async Task Without_a_token_none_is_sent()
    {
        await connection.HelloAsync(default);

        sidecar.Seen.Single().Headers.Should().NotContainKey("dapr-api-token");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_error_is_told_in_the_sidecars_words_whether_it_comes_in_headers_or_trailers(bool inHeaders)
    {
        sidecar.Says = context => RawSidecar.ReplyAsync(context, inHeaders ? null : [], "2", "no such instance exists%21");

        var failure = await FailureOf(connection.RaiseEventAsync(new RaiseRequest { InstanceId = "a" }, default));

        (failure.Method, failure.Status, failure.Text, failure.IsRetriable, failure.IsNoSuchInstance)
            .Should().Be(("RaiseEvent", GrpcStatus.Unknown, "no such instance exists!", false, true));
        failure.Message.Should().Be("The sidecar's RaiseEvent failed: no such instance exists! (Unknown, 2).");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    [InlineData(9, true)]
    [InlineData(12, false)]
    [InlineData(14, true)]
    [InlineData(16, false)]
    public async Task Only_what_may_pass_is_worth_another_try(int status, bool isRetriable)
    {
        sidecar.Says = context =>
            RawSidecar.ReplyAsync(context, null, status.ToString(System.Globalization.CultureInfo.InvariantCulture));

        var failure = await FailureOf(connection.StartInstanceAsync(Start, default));

        ((int)failure.Status, failure.IsRetriable, failure.IsAlreadyRunning)
            .Should().Be((status, isRetriable, status == 6));
    }

    [Fact]
    public async Task A_purge_of_an_instance_that_has_not_ended_is_recognised()
    {
        sidecar.Says = context => RawSidecar.ReplyAsync(
            context, null, "2", "failed to purge workflow state: orchestration has not yet completed");

        (await FailureOf(connection.PurgeInstancesAsync(new PurgeRequest { InstanceId = "a" }, default)))
            .IsNotEnded.Should().BeTrue();
    }

    [Fact]
    public async Task A_sidecar_that_knows_only_the_old_name_is_answered_under_it_and_asked_anew_by_the_next_stream()
    {
        sidecar.Says = context => context.Request.Path.Value!.EndsWith("CompleteWorkflowTask", StringComparison.Ordinal)
            ? RawSidecar.ReplyAsync(context, null, "12", "unknown method")
            : RawSidecar.ReplyAsync(context, []);
        var answer = new WorkflowResponse { InstanceId = "a" };

        await connection.CompleteTurnAsync(answer, default);
        await connection.CompleteTurnAsync(answer, default);
        await foreach (var _ in connection.GetWorkItemsAsync(_ => { }, default)) break;
        await connection.CompleteTurnAsync(answer, default);

        sidecar.Seen.Select(call => call.Method.Split('/')[^1]).Should().Equal(
            "CompleteWorkflowTask", "CompleteOrchestratorTask", "CompleteOrchestratorTask", "GetWorkItems", "CompleteWorkflowTask",
            "CompleteOrchestratorTask");
        sidecar.Seen.First().Headers.Should().Contain("grpc-timeout", "30000000u");
    }

    [Fact]
    public async Task A_turn_is_answered_once_when_the_new_name_is_known()
    {
        await connection.CompleteTurnAsync(new WorkflowResponse { InstanceId = "a" }, default);

        sidecar.Seen.Single().Method.Should().EndWith("/CompleteWorkflowTask");
    }

    [Fact]
    public async Task A_call_without_an_answer_ends_at_its_limit()
    {
        var clock = new ManualTime();
        var asked = new TaskCompletionSource();
        var givenUp = new TaskCompletionSource();
        sidecar.Says = context =>
        {
            context.RequestAborted.Register(givenUp.SetResult);
            asked.SetResult();
            return givenUp.Task;
        };
        using var waiting = new SidecarConnection(sidecar.Options, clock);
        var call = waiting.StartInstanceAsync(Start, default);
        await asked.Task.WaitAsync(Patience);
        call.IsCompleted.Should().BeFalse();

        clock.Advance(TimeSpan.FromSeconds(10));

        var failure = await FailureOf(call);
        (failure.Status, failure.IsRetriable).Should().Be((GrpcStatus.DeadlineExceeded, true));
        await givenUp.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_no_failure_of_the_sidecar()
    {
        using var giveUp = new CancellationTokenSource();
        sidecar.Says = async context =>
        {
            await giveUp.CancelAsync();
            await RawSidecar.ReplyAsync(context, []);
        };

        await FluentActions.Awaiting(() => connection.HelloAsync(giveUp.Token))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_stream_yields_what_comes_in_order_and_ends_in_peace()
    {
        sidecar.Says = async context =>
        {
            context.Response.ContentType = "application/grpc";
            foreach (var id in new[] { "a", "b" })
            {
                await context.Response.BodyWriter.WriteAsync(FrameWriter.Write(Item(id), 1000));
                await context.Response.BodyWriter.FlushAsync();
            }

            await RawSidecar.ReplyAsync(context, Item("c"));
        };

        var ids = await connection
            .GetWorkItemsAsync(_ => { }, default).Select(item => item.Workflow.InstanceId).ToListAsync();

        ids.Should().Equal("a", "b", "c");
        sidecar.Seen.Single().Headers.Should().NotContainKey("grpc-timeout");
    }

    [Fact]
    public async Task A_stream_that_breaks_in_the_middle_of_an_item_is_unavailable_after_the_whole_ones()
    {
        sidecar.Says = async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.BodyWriter.WriteAsync(FrameWriter.Write(Item("a"), 1000));
            await context.Response.BodyWriter.WriteAsync(FrameWriter.Write(Item("b"), 1000).AsMemory(0, 7));
            await context.Response.BodyWriter.FlushAsync();
            context.Abort();
        };

        var (ids, failure) = await StreamUntilFailure();

        ids.Count.Should().BeLessThanOrEqualTo(1);
        (failure.Method, failure.Status, failure.IsRetriable).Should().Be(("GetWorkItems", GrpcStatus.Unavailable, true));
    }

    [Fact]
    public async Task A_stream_that_ends_without_a_status_broke()
    {
        sidecar.Says = async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.BodyWriter.WriteAsync(FrameWriter.Write(Item("a"), 1000));
        };

        var (ids, failure) = await StreamUntilFailure();

        ids.Should().Equal("a");
        failure.Status.Should().Be(GrpcStatus.Unavailable);
    }

    [Theory]
    [InlineData(new byte[] { 7, 7, 7 }, GrpcStatus.Internal)]
    [InlineData(new byte[] { 0, 0x7F, 0, 0, 0 }, GrpcStatus.Unavailable)]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, GrpcStatus.Unavailable)]
    internal async Task Bytes_that_are_no_work_end_the_stream_with_a_reason(byte[] bytes, GrpcStatus expected)
    {
        sidecar.Says = context => RawSidecar.ReplyAsync(context, bytes);

        (await StreamUntilFailure()).Failure.Status.Should().Be(expected);
    }

    [Fact]
    public async Task An_answer_that_is_no_gRPC_says_so()
    {
        sidecar.Says = context => context.Response.WriteAsync("hello");

        var failure = await FailureOf(connection.HelloAsync(default));

        (failure.Status, failure.Text).Should().Match<(GrpcStatus Status, string Text)>(
            it => it.Status == GrpcStatus.Internal && it.Text.Contains("gRPC port", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_HTTP_error_of_something_between_is_translated()
    {
        sidecar.Says = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };

        (await FailureOf(connection.HelloAsync(default))).Status.Should().Be(GrpcStatus.Unavailable);
    }

    [Fact]
    public async Task A_sidecar_that_is_away_is_unavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var nobody = new SidecarConnection(
            sidecar.Options with { GrpcEndpoint = new Uri($"http://127.0.0.1:{port}") }, TimeProvider.System);

        var failure = await FailureOf(nobody.HelloAsync(default));

        (failure.Status, failure.Text).Should().Be((GrpcStatus.Unavailable, "It cannot be reached."));
    }

    [Fact]
    public async Task A_request_larger_than_allowed_is_not_sent()
    {
        var request = new StartRequest { InstanceId = "a", Input = new string('x', DaprLimits.DefaultMaxMessageBytes) };

        var failure = await FailureOf(connection.StartInstanceAsync(request, default));

        (failure.Status, failure.IsRetriable).Should().Be((GrpcStatus.ResourceExhausted, false));
        sidecar.Seen.Should().BeEmpty();
    }

    private static WorkItem Item(string id) => new() { Workflow = new WorkflowRequest { InstanceId = id } };

    private static async Task<SidecarException> FailureOf(Task call) =>
        (await FluentActions.Awaiting(() => call.WaitAsync(Patience)).Should().ThrowAsync<SidecarException>()).Which;

    private async Task<(List<string> Ids, SidecarException Failure)> StreamUntilFailure()
    {
        var ids = new List<string>();
        try
        {
            await foreach (var item in connection.GetWorkItemsAsync(_ => { }, default))
                ids.Add(item.Workflow.InstanceId);
        }
        catch (SidecarException failure)
        {
            return (ids, failure);
        }

        throw new InvalidOperationException("The stream ended in peace.");
    }
}

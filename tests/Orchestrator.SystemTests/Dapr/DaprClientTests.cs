using System.Text.Json.Nodes;
using Orchestrator.Dapr;
using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn;
using Orchestrator.SystemTests.Harness;

namespace Orchestrator.SystemTests.Dapr;

[Collection(SharedDaprShop.Name)]
public sealed class DaprClientTests(InstalledDaprClient installed)
{
    // The numbers of the client's own enumeration.
    internal const int Running = 0;
    private const int Completed = 1;
    private const int Terminated = 5;
    internal const int Suspended = 7;

    [Fact]
    public async Task The_official_client_starts_reads_pauses_resumes_raises_to_and_purges_an_instance()
    {
        await using var sidecar = await StandInSidecar.StartAsync(new StandInOptions());
        using var connection = Connect(sidecar);
        await using var worker = new ScriptedWorker(connection, EndAtApproval);
        await using var client = new DaprClient(installed.Script, sidecar.GrpcAddress.Port);

        var id = (await client.DoAsync(Verb("start", name: "place-order", input: new JsonObject { ["sku"] = "A1" })))!;
        id.GetValue<string>().Should().Be("a");
        var started = (await client.DoAsync(Verb("started")))!;
        (started["name"]!.GetValue<string>(), started["input"]!.GetValue<string>(), StatusOf(started))
            .Should().Be(("place-order", """{"sku":"A1"}""", Running));
        (await client.FailAsync(Verb("start", name: "place-order"))).Should().Contain("already exists");

        await client.DoAsync(Verb("pause"));
        await BecomesAsync(client, Suspended);
        await client.DoAsync(Verb("resume"));
        await BecomesAsync(client, Running);
        (await client.FailAsync(Verb("purge"))).Should().Contain("has not yet completed");
        await client.DoAsync(Verb("raise", raised: "Approved", payload: new JsonObject { ["by"] = "op" }));

        var ended = (await client.DoAsync(Verb("ended")))!;
        (StatusOf(ended), ended["output"]!.GetValue<string>()).Should().Be((Completed, """{"by":"op"}"""));
        ended["customStatus"]!.GetValue<string>().Should().NotBeEmpty();
        (await client.DoAsync(Verb("purge")))!.GetValue<bool>().Should().BeTrue();
        (await client.DoAsync(Verb("read"))).Should().BeNull();
        (await client.FailAsync(Verb("raise", raised: "late"))).Should().Contain("no such instance exists");
    }

    [Fact]
    public async Task The_official_client_terminates_an_instance()
    {
        await using var sidecar = await StandInSidecar.StartAsync(new StandInOptions());
        using var connection = Connect(sidecar);
        await using var worker = new ScriptedWorker(connection, EndAtApproval);
        await using var client = new DaprClient(installed.Script, sidecar.GrpcAddress.Port);
        await client.DoAsync(Verb("start", name: "place-order"));

        await client.DoAsync(Verb("terminate"));

        StatusOf((await client.DoAsync(Verb("ended")))!).Should().Be(Terminated);
    }

    /// <summary>An instance that ends with what the event "approved" brings.</summary>
    private static IEnumerable<WorkflowAction> EndAtApproval(WorkflowRequest turn) => turn.Fresh
        .Where(one => one.EventRaised?.Name.Equals("approved", StringComparison.OrdinalIgnoreCase) == true)
        .Select(one => new WorkflowAction
        {
            Complete = new CompleteWorkflow { Status = RunStatus.Completed, Result = one.EventRaised.Input },
        });

    private static SidecarConnection Connect(StandInSidecar sidecar) => new(
        new DaprOptions { GrpcEndpoint = sidecar.GrpcAddress, HttpEndpoint = sidecar.HttpAddress },
        TimeProvider.System);

    private static JsonObject Verb(
        string verb, string? name = null, JsonNode? input = null, string? raised = null, JsonNode? payload = null) =>
            new()
            {
                ["verb"] = verb,
                ["id"] = "a",
                ["name"] = name,
                ["input"] = input,
                ["event"] = raised,
                ["payload"] = payload,
            };

    private static int StatusOf(JsonNode state) => state["status"]!.GetValue<int>();

    private static Task BecomesAsync(DaprClient client, int status) => Eventually.BecomesAsync(
        status, TimeSpan.FromSeconds(20), async () => StatusOf((await client.DoAsync(Verb("read")))!));
}

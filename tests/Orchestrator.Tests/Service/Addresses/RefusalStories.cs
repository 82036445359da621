using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Tests.Service.Addresses;

/// <summary>Every problem that an address says it may answer, answered.</summary>
public sealed class RefusalStories(ProblemWorld world) : IClassFixture<ProblemWorld>
{
    private static readonly (string, string) Actor = ("X-Actor", "alice@example.org");

    // They are told by a store or an engine that is not ready, which other stories have.
    private const int NotReady = 503;

    public static TheoryData<Refusal> Refusals
    {
        get
        {
            var all = new TheoryData<Refusal>();
            foreach (var refusal in Refusal.All) all.Add(refusal);
            return all;
        }
    }

    private RunningService Service => world.Service;

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task What_is_wrong_is_answered_with_its_code(Refusal refusal)
    {
        (string, string)[] headers =
        [
            .. refusal.HasActor ? [Actor] : Array.Empty<(string, string)>(),
            .. refusal.Header is { } header ? [header] : Array.Empty<(string, string)>(),
        ];

        var answer = await Service.SendAsync(
            new HttpMethod(refusal.Key.Split(' ')[0]), world.Path(refusal.Path),
            refusal.Body is { } body ? RunningService.Body(body) : null, headers);

        var problem = await answer.ShouldBeProblemAsync(refusal.Status, refusal.Code);
        problem.TryGetProperty("problems", out _).Should().Be(refusal.Status == 422, "a 422 says all that is wrong");
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_of_another_type_is_refused_wherever_one_is_taken()
    {
        foreach (var (key, status) in Declared.Where(each => each.Status is 413 or 415))
        {
            var route = ServiceRoute.All.Single(route => route.Key == key);
            var body = status == 413
                ? RunningService.Body(new string(' ', (1024 * 1024) + 1))
                : RunningService.Body("{}", "application/xml");

            var answer = await Service.SendAsync(
                route.Method, route.Path(name: key.Contains("/participants") ? "shop" : "ended"), body, Actor);

            await answer.ShouldBeProblemAsync(status, status == 413 ? "too-large" : "unsupported-media-type");
        }
    }

    [Fact]
    public void Every_problem_an_address_declares_is_in_the_table_and_the_other_way_round()
    {
        var shown = Refusal.All.Select(refusal => (refusal.Key, refusal.Status)).ToHashSet();
        var declared = Declared.Where(each => each.Status is not (413 or 415)).ToHashSet();

        shown.Except(declared).Should().BeEmpty("the OpenAPI document names them");
        declared.Except(shown).Should().BeEmpty("they are tested");
    }

    private IEnumerable<(string Key, int Status)> Declared =>
        from endpoint in Service.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
        from answer in endpoint.Metadata.OfType<IProducesResponseTypeMetadata>()
        where answer.StatusCode >= 400 && answer.StatusCode != NotReady
        select ($"{method} {endpoint.RoutePattern.RawText}", answer.StatusCode);
}

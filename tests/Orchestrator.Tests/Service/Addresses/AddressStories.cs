using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Service.Security;

namespace Orchestrator.Tests.Service.Addresses;

/// <summary>
/// Who may use each address there is. The addresses come from the running service, so that a new one without a rule is
/// noticed.
/// </summary>
public sealed class AddressStories(GuardedService guarded) : IClassFixture<GuardedService>
{
    private const string Site = "Sec-Fetch-Site";

    private RunningService Service => guarded.Service;

    public static TheoryData<string> Guarded => Keys(route => route.Needs != ServiceRoute.Nothing);

    public static TheoryData<string> Changing => Keys(route => route.Changes);

    public static TheoryData<string> OfOneThing => Keys(route =>
        route.Pattern.Contains('{', StringComparison.Ordinal) && route.Method != HttpMethod.Put
        && !route.Pattern.EndsWith("/validate", StringComparison.Ordinal));

    [Fact]
    public void Every_address_there_is_has_its_rule_in_the_table_of_this_test()
    {
        var there = Service.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !endpoint.RoutePattern.RawText!.StartsWith("/assets/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

        ServiceRoute.All.Select(route => route.Key).Should().BeEquivalentTo(there);
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Without_a_token_that_is_accepted_it_answers_401(string key)
    {
        var route = Of(key);
        (string, string)[][] wrong =
        [
            [], [("Authorization", "Bearer sk_wrong")], [("Authorization", "Basic YWRtaW46YWRtaW4=")],
            [("X-Actor", "mallory")], [("Cookie", "token=sk_wrong")],
        ];
        foreach (var headers in wrong)
        {
            using var answer = await Service.SendAsync(
                route.Method, route.Path() + "?access_token=sk_wrong", BodyOf(route), headers);

            answer.Headers.WwwAuthenticate.ToString().Should().StartWith("Bearer");
            await answer.ShouldBeProblemAsync(401, "unauthenticated");
        }
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task It_answers_403_to_the_roles_below_its_own_and_to_no_other(string key)
    {
        var route = Of(key);
        var least = Math.Max(0, Array.IndexOf(ServiceRoute.Roles, route.Needs));
        foreach (var (role, rank) in ServiceRoute.Roles.Select((role, rank) => (role, rank)))
        {
            using var answer = await guarded.SendAsync(role, route.Method, route.Path(), Harmless(route));

            if (rank < least)
                (await answer.ShouldBeProblemAsync(403, "forbidden")).Detail().Should().Contain(route.Needs);
            else ((int)answer.StatusCode).Should().NotBe(401).And.NotBe(403).And.BeLessThan(500);
        }
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public async Task A_page_of_another_site_is_answered_403_whoever_has_it_open(string key)
    {
        var route = Of(key);
        foreach (var site in (string[])["cross-site", "same-site"])
        {
            using var answer = await guarded.SendAsync(
                "admin", route.Method, route.Path(), Harmless(route), (Site, site));

            await answer.ShouldBeProblemAsync(403, "forbidden");
        }
    }

    [Theory]
    [MemberData(nameof(OfOneThing))]
    public async Task What_is_not_there_is_answered_404(string key)
    {
        var route = Of(key);

        var answer = await guarded.SendAsync(
            "admin", route.Method, route.Path(name: "nothing-of-this-name"), route.Body);

        await answer.ShouldBeProblemAsync(404, "not-found");
    }

    private static TheoryData<string> Keys(Func<ServiceRoute, bool> which)
    {
        var keys = new TheoryData<string>();
        foreach (var route in ServiceRoute.All.Where(which)) keys.Add(route.Key);
        return keys;
    }

    private static ServiceRoute Of(string key) => ServiceRoute.All.Single(route => route.Key == key);

    private static HttpContent? BodyOf(ServiceRoute route) =>
        route.Body is { } body ? RunningService.Body(body) : null;

    /// <summary>Those who may must not change what other stories of this class look at.</summary>
    private static string? Harmless(ServiceRoute route) =>
        route.Pattern == "/batches" && route.Body is not null ? """{"ids":["nobody"],"verb":"retry"}""" : route.Body;
}

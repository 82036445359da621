using System.Net;

namespace Orchestrator.Tests.Service;

/// <summary>The definitions' addresses.</summary>
public sealed class DefinitionStoriesOverHttp(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task A_put_answers_201_then_200_then_the_next_version()
    {
        using var first = await PutAsync("versions", Yaml("versions", "10m"));
        using var same = await PutAsync("versions", "# a comment\n" + Yaml("versions", "600s"));
        using var other = await PutAsync("versions", Yaml("versions", "20m"));

        first.StatusCode.Should().Be(HttpStatusCode.Created);
        first.Headers.Location!.ToString().Should().Be("/definitions/versions/1");
        (await VersionOf(first)).Should().Be(1);
        same.StatusCode.Should().Be(HttpStatusCode.OK);
        (await VersionOf(same)).Should().Be(1);
        other.StatusCode.Should().Be(HttpStatusCode.Created);
        (await VersionOf(other)).Should().Be(2);
    }

    [Fact]
    public async Task A_stored_version_can_be_read_and_what_is_read_can_be_put_again()
    {
        using var put = await PutAsync("readable", Yaml("readable", "10m"));
        using var second = await PutAsync("readable", Yaml("readable", "20m"));

        var newest = await service.GetAsync("/definitions/readable");
        var oldest = await service.GetAsync("/definitions/readable/1");
        using var again = await service.PutAsync("/definitions/readable", newest.GetProperty("definition").GetRawText());

        newest.GetProperty("version").GetInt32().Should().Be(2);
        oldest.GetProperty("definition").GetProperty("deadline").GetString().Should().Be("10m");
        again.StatusCode.Should().Be(HttpStatusCode.OK);
        var line = (await service.GetAsync("/definitions")).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == "readable");
        line.GetProperty("versions").EnumerateArray().Select(version => version.GetInt32()).Should().Equal(1, 2);
    }

    [Fact]
    public async Task Who_stored_a_version_is_shown_with_it_and_putting_the_same_again_changes_nothing()
    {
        using var first = await PutAsAsync("ann", "10m");
        using var same = await PutAsAsync("bob", "10m");
        using var second = await PutAsAsync("cleo", "20m");

        foreach (var put in new[] { first, same, second })
            put.IsSuccessStatusCode.Should().BeTrue(await put.Content.ReadAsStringAsync());
        (await service.GetAsync("/definitions/owned/1")).GetProperty("actor").GetString().Should().Be("ann");
        (await service.GetAsync("/definitions/owned")).GetProperty("actor").GetString().Should().Be("cleo");
        var line = (await service.GetAsync("/definitions")).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == "owned");
        line.GetProperty("actor").GetString().Should().Be("cleo");

        Task<HttpResponseMessage> PutAsAsync(string actor, string deadline) => service.SendAsync(
            HttpMethod.Put,
            "/definitions/owned",
            RunningService.Body(Yaml("owned", deadline), "application/yaml"),
            ("X-Actor", actor));
    }

    [Fact]
    public async Task Every_problem_is_told_at_once_with_its_line()
    {
        const string yaml = """
            name: wrong
            deadline: soon
            colour: red
            participants: { shop: { url: "http://127.0.0.1:1" } }
            steps:
              - name: a
                participant: nobody
                input: { x: $.steps.later.output.id }
              - { name: later, participant: shop }
            """;

        var problem = await (await PutAsync("wrong", yaml)).ShouldBeProblemAsync(422, "invalid");

        var lines = problem.GetProperty("problems").EnumerateArray().Select(item => item.GetProperty("line").GetInt32());
        lines.Should().Contain([2, 3, 7, 8]);
        problem.Paths().Should().Contain(["deadline", "colour", "steps[0].participant"]);
        await (await service.Http.GetAsync("/definitions/wrong")).ShouldBeProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("a: &x [*x]")]
    [InlineData("name: \"a\0b\"")]
    public async Task Hostile_texts_are_problems_with_a_line(string text)
    {
        var problem = await (await PutAsync("hostile", text)).ShouldBeProblemAsync(422, "invalid");

        problem.GetProperty("problems")[0].GetProperty("line").GetInt32().Should().BePositive();
    }

    [Fact]
    public async Task Deep_or_huge_definitions_are_refused_and_the_engine_is_unharmed()
    {
        await (await PutAsync("hostile", new string('[', 100_000))).ShouldBeProblemAsync(422, "invalid");
        await (await PutAsync("hostile", "{" + string.Concat(Enumerable.Repeat("\"a\":{", 100_000)))).ShouldBeProblemAsync(422, "invalid");
        await (await PutAsync("hostile", new string('#', (1024 * 1024) + 1))).ShouldBeProblemAsync(413, "too-large");

        await service.DefineAsync("unharmed");
        (await service.FinishedAsync("unharmed")).GetProperty("outcome").GetString().Should().Be("completed");
    }

    [Fact]
    public async Task The_name_in_the_body_must_be_the_one_in_the_path()
    {
        var problem = await (await PutAsync("here", Yaml("there", "10m"))).ShouldBeProblemAsync(422, "invalid");

        problem.Paths().Should().Equal("name");
    }

    [Fact]
    public async Task Another_address_for_a_known_participant_is_a_problem_with_its_line()
    {
        using var put = await PutAsync("first", Yaml("first", "10m"));
        const string moved = "name: second\ndeadline: 1h\nparticipants:\n  shop: { url: \"http://127.0.0.1:2\" }\n"
            + "steps:\n  - { name: reserve, participant: shop }\n";

        var problem = await (await PutAsync("second", moved)).ShouldBeProblemAsync(422, "invalid");

        problem.Paths().Should().Equal("participants.shop");
        problem.GetProperty("problems")[0].GetProperty("line").GetInt32().Should().Be(4);
        problem.Detail().Should().Contain("PUT /participants/shop");
    }

    [Theory]
    [InlineData("{ app: payment }")]
    [InlineData("{ app: payment, via: pubsub }")]
    public async Task A_participant_that_only_a_sidecar_reaches_is_refused_without_one(string participant)
    {
        var yaml = $"name: d\ndeadline: 1h\nparticipants:\n  payment: {participant}\nsteps:\n  - {{ name: pay, participant: payment }}\n";

        var problem = await (await PutAsync("d", yaml)).ShouldBeProblemAsync(422, "invalid");

        problem.GetProperty("problems")[0].GetProperty("line").GetInt32().Should().Be(4);
        problem.Detail().Should().Contain("needs a Dapr sidecar");
    }

    [Fact]
    public async Task Validate_says_what_a_put_would_say_and_stores_nothing()
    {
        using var fine = await ValidateAsync("checked", Yaml("checked", "10m"));
        var wrong = await ValidateAsync("checked", Yaml("checked", "never"));

        fine.StatusCode.Should().Be(HttpStatusCode.OK);
        (await RunningService.JsonOf(fine)).GetProperty("valid").GetBoolean().Should().BeTrue();
        (await wrong.ShouldBeProblemAsync(422, "invalid")).Paths().Should().Contain("deadline");
        await (await service.Http.GetAsync("/definitions/checked")).ShouldBeProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("image/png")]
    [InlineData("application/yaml; charset=utf-16")]
    public async Task Another_content_type_is_not_taken(string type)
    {
        var answer = await service.PutAsync("/definitions/typed", Yaml("typed", "10m"), type);

        await answer.ShouldBeProblemAsync(415, "unsupported-media-type");
    }

    [Theory]
    [InlineData("application/yaml", true)]
    [InlineData("application/vnd.shop+yaml", true)]
    [InlineData("text/plain", false)]
    [InlineData("application/json", false)]
    public async Task A_flow_mapping_is_yaml_for_whoever_says_yaml(string type, bool isYaml)
    {
        var flow = $"{{ name: flow, deadline: 10m, participants: {{ shop: {{ url: \"{service.Participant.Url}\" }} }},\n"
            + "  steps: [ { name: reserve, participant: shop } ] }\n";

        using var answer = await service.SendAsync(
            HttpMethod.Post, "/definitions/flow/validate", RunningService.Body(flow, type));

        if (isYaml) answer.StatusCode.Should().Be(HttpStatusCode.OK);
        else await answer.ShouldBeProblemAsync(422, "invalid");
    }

    [Theory]
    [InlineData("/definitions/none")]
    [InlineData("/definitions/none/1")]
    [InlineData("/definitions/none/latest")]
    [InlineData("/definitions/none/99999999999999")]
    public async Task An_unknown_definition_or_version_is_not_found(string path) =>
        await (await service.Http.GetAsync(path)).ShouldBeProblemAsync(404, "not-found");

    [Fact]
    public async Task The_schema_is_served_for_editors()
    {
        using var answer = await service.Http.GetAsync("/definitions/schema.json");

        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/schema+json");
        (await RunningService.JsonOf(answer)).TryGetProperty("$schema", out _).Should().BeTrue();
    }

    private Task<HttpResponseMessage> PutAsync(string name, string yaml) =>
        service.PutAsync($"/definitions/{name}", yaml, "application/yaml");

    private Task<HttpResponseMessage> ValidateAsync(string name, string yaml) =>
        service.SendAsync(HttpMethod.Post, $"/definitions/{name}/validate", RunningService.Body(yaml, "application/yaml"));

    private string Yaml(string name, string deadline) =>
        $"name: {name}\ndeadline: {deadline}\nparticipants: {{ shop: {{ url: \"{service.Participant.Url}\" }} }}\n"
        + "steps:\n  - { name: reserve, participant: shop }\n";

    private static async Task<int> VersionOf(HttpResponseMessage answer) =>
        (await RunningService.JsonOf(answer)).GetProperty("version").GetInt32();
}

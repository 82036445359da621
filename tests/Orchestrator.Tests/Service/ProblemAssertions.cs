using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>Says that an answer is a problem as docs/api.md promises them.</summary>
internal static class ProblemAssertions
{
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).Should().Be(status, text);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json", text);
        var problem = await RunningService.JsonOf(answer);
        problem.GetProperty("status").GetInt32().Should().Be(status);
        problem.GetProperty("code").GetString().Should().Be(code);
        problem.GetProperty("type").GetString().Should().EndWith(code);
        problem.GetProperty("title").GetString().Should().NotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().Should().NotBeNullOrEmpty();
        text.Should().NotContain("   at ");
        answer.Dispose();
        return problem;
    }

    public static string Detail(this JsonElement problem) => problem.GetProperty("detail").GetString()!;

    public static IEnumerable<string> Paths(this JsonElement problem) =>
        problem.GetProperty("problems").EnumerateArray().Select(item => item.GetProperty("path").GetString()!);
}

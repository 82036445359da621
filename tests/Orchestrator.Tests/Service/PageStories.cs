using System.Net;
using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Service;

/// <summary>The pages at /.</summary>
public sealed partial class PageStories(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task The_page_and_everything_it_names_is_served_from_here()
    {
        var html = await service.Http.GetStringAsync("/");
        var names = References().Matches(html).Select(match => match.Groups["name"].Value).ToHashSet();
        names.Should().Contain("/assets/app.js").And.Contain("/assets/base.css").And.Contain("/assets/pages.css");

        foreach (var script in names.Where(name => name.EndsWith(".js", StringComparison.Ordinal)).ToArray())
            await FollowAsync(script, names);
        foreach (var name in names)
        {
            using var answer = await service.Http.GetAsync(name);
            answer.StatusCode.Should().Be(HttpStatusCode.OK, name);
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        }
    }

    [Fact]
    public async Task The_content_security_policy_allows_nothing_inline_and_nobody_else()
    {
        using var answer = await service.Http.GetAsync("/");
        var html = await answer.Content.ReadAsStringAsync();

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.Should().Contain("default-src 'none'").And.NotContain("unsafe").And.NotContain("http");
        html.Should().NotContain("<style").And.NotContain(" style=").And.NotContain(" onclick");
        html.Should().NotContain("http://").And.NotContain("https://");
    }

    [Fact]
    public async Task Scripts_never_write_markup()
    {
        var names = new HashSet<string>();
        await FollowAsync("/assets/app.js", names);
        // The library can; none of ours asks it to.
        names.Remove("/assets/preact.js").Should().BeTrue();

        foreach (var name in names)
        {
            var script = await service.Http.GetStringAsync(name);
            script.Should().NotContainAny(
                "innerHTML", "InnerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
        }
    }

    [Fact]
    public async Task An_unchanged_file_is_not_sent_again()
    {
        using var first = await service.Http.GetAsync("/assets/app.js");

        using var again = await service.SendAsync(
            HttpMethod.Get, "/assets/app.js", null, ("If-None-Match", first.Headers.ETag!.ToString()));

        again.StatusCode.Should().Be(HttpStatusCode.NotModified);
    }

    private async Task FollowAsync(string script, HashSet<string> names)
    {
        names.Add(script);
        var text = await service.Http.GetStringAsync(script);
        foreach (Match match in Imports().Matches(text))
        {
            var name = "/assets/" + match.Groups["name"].Value;
            if (!names.Contains(name)) await FollowAsync(name, names);
        }
    }

    [GeneratedRegex("(?:src|href)=\"(?<name>/assets/[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex References();

    [GeneratedRegex(@"from '\./(?<name>[^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Imports();
}

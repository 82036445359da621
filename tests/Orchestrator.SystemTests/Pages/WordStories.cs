using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.SystemTests.Pages;

/// <summary>The pages speak as a person would: of one thing in the singular, and of what an act did in words.</summary>
[Collection(ThePages.Name)]
public sealed partial class WordStories(Chromium chromium, Scene scene)
{
    [Fact]
    public async Task Of_one_thing_the_pages_speak_in_the_singular()
    {
        await using var open = await chromium.OpenAsync(scene);
        await open.Page.RouteAsync("**/overview", route => AnswerAsync(route, OneOfEach));
        await open.GoAsync("/");

        await Expect(open.Page.Locator(".health")).ToContainTextAsync("1 call, 0 failed");
        await Expect(open.Page.Locator(".verdict")).ToContainTextAsync("1 call waits until somebody lets it go on.");
        var chart = await open.Page.Locator("svg[role=img]").First.GetAttributeAsync("aria-label");
        chart.Should().StartWith("In the last hour 1 saga started, ");
        Plurals().Matches(await open.Page.Locator("main").InnerTextAsync() + chart).Should().BeEmpty();
        var left = await open.Page.EvaluateAsync<string>(
            """
            async () => {
              const { diff, differing } = await import('/assets/diff.js');
              return differing(diff('a\n1\n2\n3\n4\n5', 'b\n1\n2\n3\n4\n5')).at(-1).text;
            }
            """);
        left.Should().Be("1 equal line");
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task The_audit_list_says_in_words_what_was_asked_for_and_what_is_another_now()
    {
        await using var open = await chromium.OpenAsync(scene);
        await open.Page.RouteAsync("**/audit?*", route => AnswerAsync(route, Verbs));
        await open.GoAsync("/audit");

        var changes = open.Page.Locator(".change");
        await Expect(changes).ToHaveCountAsync(6);
        (await changes.AllInnerTextsAsync()).Select(text => Blanks().Replace(text, " ").Trim()).Should().Equal(
            "step charge with other data as before",
            "step charge as done phase finishing → completed no longer stuck",
            "runs again as s-2 as before",
            "address none → http://shop:1 app shop → none paused now retry as defined → attempts 3",
            "cancel 1 saga",
            "asked deeply {\"a\":1} → none");
        open.Complaints.Should().BeEmpty();
    }

    private static Task AnswerAsync(IRoute route, string json) =>
        route.FulfillAsync(new() { ContentType = "application/json", Body = json });

    [GeneratedRegex(
        @"(?<![\d.,:])1 (?:calls|sagas|participants|minutes|events|messages|targets|wait)\b", RegexOptions.None, 1000)]
    private static partial Regex Plurals();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

    private static string OneOfEach
    {
        get
        {
            var minute = TimeProvider.System.GetUtcNow();
            var at = minute.ToString("yyyy-MM-dd'T'HH:mm':00.000Z'", System.Globalization.CultureInfo.InvariantCulture);
            return $$"""
                {"ready":true,"live":1,"stuck":0,"inDoubt":0,"overdue":0,"suspended":1,"asOf":"{{at}}","change":0,
                 "minutes":[{"at":"{{at}}","started":1,"completed":1,"compensated":0}],
                 "alerts":{"configured":1,"failing":1},
                 "participants":[{"name":"shop","paused":true,"underWay":0,"waiting":1,"lastAnswerAt":"{{at}}",
                   "recent":{"calls":1,"failures":0,"p50Ms":1,"p99Ms":1} }],
                 "counts":[{"definition":"order","phase":"doing","count":1}] }
                """;
        }
    }

    private const string Verbs =
        """
        {"next":null,"items":[
          {"seq":6,"at":"2026-01-31T12:00:00Z","actor":"ann","result":"accepted","verb":"resend",
           "kind":"saga","target":"s-1",
           "before":{"phase":"doing","stuck":false},
           "after":{"phase":"doing","stuck":false,"step":"charge","otherData":true}},
          {"seq":5,"at":"2026-01-31T12:00:00Z","actor":"ann","result":"accepted","verb":"resolve",
           "kind":"saga","target":"s-1",
           "before":{"phase":"finishing","stuck":true},
           "after":{"phase":"completed","stuck":false,"step":"charge","as":"done"}},
          {"seq":4,"at":"2026-01-31T12:00:00Z","actor":"ann","result":"accepted","verb":"rerun",
           "kind":"saga","target":"s-1",
           "before":{"phase":"compensated"},"after":{"phase":"compensated","rerunAs":"s-2"}},
          {"seq":3,"at":"2026-01-31T12:00:00Z","actor":"ann","result":"accepted","verb":"put-participant",
           "kind":"participant","target":"shop",
           "before":{"url":null,"app":"shop","paused":false},
           "after":{"url":"http://shop:1","app":null,"paused":true,"retry":{"attempts":3}}},
          {"seq":2,"at":"2026-01-31T12:00:00Z","actor":"ann","result":"accepted","verb":"create-batch",
           "kind":"batch","target":"b-1",
           "result":"accepted","after":{"verb":"cancel","sagas":1}},
          {"seq":1,"at":"2026-01-31T12:00:00Z","actor":"ann","result":"accepted","verb":"cancel",
           "kind":"saga","target":"s-1",
           "before":{"asked deeply":{"a":1}},"after":{} }]}
        """;
}

using System.Net;
using Microsoft.AspNetCore.Http;
using Orchestrator.Service.Events;

namespace Orchestrator.Tests.Service.Security;

/// <summary>Who may deliver answers of participants over the broker.</summary>
public sealed class SidecarTokenTests
{
    [Theory]
    [InlineData(null, true, "127.0.0.1", "", true)]
    [InlineData(null, true, "::ffff:127.0.0.1", "", true)]
    [InlineData(null, true, null, "", true)]
    [InlineData(null, true, "10.0.0.7", "", false)]
    [InlineData("", true, "10.0.0.7", "", false)]
    [InlineData(null, false, "10.0.0.7", "", true)]
    [InlineData("right", true, "10.0.0.7", "right", true)]
    [InlineData("right", true, "127.0.0.1", "wrong", false)]
    [InlineData("right", false, "127.0.0.1", "", false)]
    public void An_answer_is_taken_from_the_sidecar_alone_where_everybody_else_signs_in(
        string? token, bool isRequired, string? from, string sent, bool isTaken)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = from is null ? null : IPAddress.Parse(from);
        http.Request.Headers["dapr-api-token"] = sent;

        new SidecarToken(token, isRequired).Admits(http.Request).Should().Be(isTaken);
    }
}

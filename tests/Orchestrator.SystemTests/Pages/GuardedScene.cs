using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.SystemTests.Pages;

/// <summary>A scene whose orchestrator asks for tokens and says everything it can say.</summary>
public sealed class GuardedScene : IAsyncLifetime
{
    public GuardedScene() => Scene = new Scene
    {
        Arguments =
        [
            .. Key("vera", Viewer, "viewer"), .. Key("ada", Admin, "admin"),
            .. Key("opal", Narrow, $"operator@{Scene.ShortDefinition}"),
            "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
        ],
        Token = Admin,
    };

    internal string Viewer { get; } = NewKey();

    internal string Admin { get; } = NewKey();

    /// <summary>Of an operator for the sagas of one definition alone.</summary>
    internal string Narrow { get; } = NewKey();

    internal Scene Scene { get; }

    public Task InitializeAsync() => Scene.InitializeAsync();

    public Task DisposeAsync() => Scene.DisposeAsync();

    private static string NewKey() => "sk_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string[] Key(string name, string key, string grants)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return
        [
            $"--Orchestrator:Security:Keys:{name}:Hash={hash}", $"--Orchestrator:Security:Keys:{name}:Grants={grants}",
        ];
    }
}

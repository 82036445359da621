using System.Diagnostics;

// The runtime looks for this very name, outside any namespace.
#pragma warning disable CA1050, MA0047
/// <summary>
/// Runs inside every child before its own program does: when the pipe from the parent closes, because the parent ended in
/// whatever way, the child ends too. So a child needs no word about its parent, and none is left behind.
/// </summary>
internal static class StartupHook
{
    /// <summary>Called by the runtime.</summary>
    public static void Initialize() =>
        new Thread(EndWithParent) { IsBackground = true, Name = "End with parent" }.Start();

    private static void EndWithParent()
    {
        using var pipe = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (pipe.Read(buffer) > 0)
        {
            // Nothing is ever said on this pipe; only its end counts.
        }

        // Whatever it was doing is on disk or never happened: that is what this whole project is about.
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
#pragma warning restore CA1050, MA0047

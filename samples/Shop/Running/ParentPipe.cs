using System.Diagnostics;

namespace Shop.Running;

/// <summary>
/// The pipe that ties a child to its parent: when it closes, because the parent ended in whatever way, the child ends
/// too. So a child's own program needs no word about its parent, and none is left behind.
/// </summary>
internal static class ParentPipe
{
    internal static void Watch() =>
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

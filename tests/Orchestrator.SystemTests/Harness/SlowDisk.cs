using System.Globalization;

namespace Orchestrator.SystemTests.Harness;

/// <summary>
/// A folder on a disk of its own (ext4 in a file) that can be filled to the last byte, and stalled: every write waits.
/// </summary>
internal sealed class SlowDisk : IAsyncDisposable
{
    private const string Last = ".last";
    private const int Rest = 1024 * 1024;

    private readonly string folder;
    private readonly string image;

    private SlowDisk(string folder, string image)
    {
        this.folder = folder;
        this.image = image;
    }

    private string Filler => Path.Combine(folder, "filler");

    /// <summary>Mounts it. Fails when that is not permitted: a promise nobody checked is not kept.</summary>
    internal static async Task<SlowDisk> MountAsync(string folder, string image, int megabytes)
    {
        Directory.CreateDirectory(folder);
        var size = megabytes.ToString(CultureInfo.InvariantCulture);
        await RunAsync("truncate", "-s", size + "M", image);
        await RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=0", image);
        await RunAsync("mount", "-o", "loop", image, folder);
        return new SlowDisk(folder, image);
    }

    /// <summary>Writes until nothing goes in any more.</summary>
    internal void Fill()
    {
        // Space is taken without writing it: the other programs' disks are beside this one, and would all be slow.
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            PreallocationSize = Math.Max(0, new DriveInfo(folder).AvailableFreeSpace - Rest),
        };
        File.Open(Filler, options).Dispose();
        FillingFile.Write(Filler + Last);
    }

    /// <summary>Gives the space back.</summary>
    internal void Free()
    {
        File.Delete(Filler);
        File.Delete(Filler + Last);
    }

    /// <summary>
    /// Lets writes wait so long and go on so long, several times. It ends by itself, even when the tests are killed.
    /// </summary>
    internal Task StallAsync(int times, TimeSpan stalled, TimeSpan running)
    {
        var (wait, go) = (Seconds(stalled), Seconds(running));
        var count = times.ToString(CultureInfo.InvariantCulture);
        return RunAsync(
            "sh", "-c",
            $"for i in $(seq {count}); do fsfreeze -f '{folder}' && sleep {wait}; fsfreeze -u '{folder}'; sleep {go}; done");
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", folder);
        File.Delete(image);
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (code, words) = await Programs.RunAsync(program, arguments);
        code.Should().Be(
            0, $"{program} has to work to test full and slow disks; run as root where mounting is permitted: {words}");
    }
}

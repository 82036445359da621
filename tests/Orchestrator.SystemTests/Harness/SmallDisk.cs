namespace Orchestrator.SystemTests.Harness;

/// <summary>A folder on a disk of its own that can be filled to the last byte: a tmpfs.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string folder;

    private SmallDisk(string folder) => this.folder = folder;

    private string Filler => Path.Combine(folder, "filler");

    /// <summary>Mounts it. Fails when that is not permitted: a promise nobody checked is not kept.</summary>
    internal static async Task<SmallDisk> MountAsync(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        var (code, words) = await Programs.RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);
        code.Should().Be(0, $"a small tmpfs has to be mounted to test a full disk; run as root where mounting is permitted: {words}");
        return new SmallDisk(folder);
    }

    /// <summary>Writes until nothing goes in any more.</summary>
    internal void Fill() => FillingFile.Write(Filler);

    /// <summary>Gives the space back.</summary>
    internal void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        var (code, words) = await Programs.RunAsync("umount", folder);
        code.Should().Be(0, words);
    }
}

using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>Definitions are versions that never change; participants are filled in once.</summary>
public abstract class CatalogStories(EngineKind kind)
{
    [Fact]
    public async Task A_definition_that_differs_becomes_the_next_version_and_stays_after_a_restart()
    {
        var first = await EngineRig.StartAsync(kind);
        var one = TestDefinitions.Of("a");
        var two = one with { Guard = TimeSpan.FromSeconds(3) };
        (await first.PutAsync(one)).Version.Should().Be(1);
        (await first.PutAsync(two)).Version.Should().Be(2);
        (await PutAsync(first, two, PutDefinitionMode.UnlessNewest, "bob")).Should()
            .BeOfType<PutDefinitionOutcome.Known>();
        (await PutAsync(first, one, PutDefinitionMode.UnlessStored, "bob")).Should()
            .BeOfType<PutDefinitionOutcome.Known>();
        (await PutAsync(first, one, PutDefinitionMode.UnlessNewest, "cleo")).Should()
            .BeOfType<PutDefinitionOutcome.Stored>().Which.Definition.Version.Should().Be(3);
        await first.CrashAsync();

        await using (var second = await EngineRig.StartAsync(kind, of: first))
        {
            second.Catalog.List().Select(stored => stored.Definition.Version).Should().Equal(1, 2, 3);
            second.Catalog.List().Select(stored => stored.Actor).Should().Equal("ann", "ann", "cleo");
            second.Catalog.Find("test", 2)!.Guard.Should().Be(TimeSpan.FromSeconds(3));
            second.Catalog.Find("test", 4).Should().BeNull();
            second.Catalog.Find("other").Should().BeNull();
        }

        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task A_definition_fills_in_participants_that_are_not_known_and_may_not_move_one_that_is()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        await rig.PutAsync(TestDefinitions.Of("a"));
        var moved = TestDefinitions.Of("a") with { Participants = [new("p-a", new Uri("http://elsewhere"), null, false)] };

        var outcome = await PutAsync(rig, moved, PutDefinitionMode.UnlessNewest);

        outcome.Should().BeOfType<PutDefinitionOutcome.AddressDiffers>().Which.Participants.Should().Equal("p-a");
        rig.Registry.Find("p-a")!.Url.Should().Be(new Uri("http://x"));
        rig.Catalog.List().Should().ContainSingle();
    }

    [Fact]
    public async Task The_same_definition_put_at_the_same_time_is_stored_once()
    {
        await using var rig = await EngineRig.StartAsync(kind);

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => PutAsync(rig, TestDefinitions.Of("a"), PutDefinitionMode.UnlessNewest)));

        outcomes.OfType<PutDefinitionOutcome.Stored>().Should().ContainSingle();
        outcomes.OfType<PutDefinitionOutcome.Known>().Should().HaveCount(9);
    }

    [Fact]
    public async Task A_put_that_cannot_be_stored_has_not_happened()
    {
        BrokenStore store = null!;
        await using var rig = await EngineRig.StartAsync(kind, store: inner => store = new BrokenStore(inner));

        store.FailsWith = "broken";
        var outcome = await PutAsync(rig, TestDefinitions.Of("a"), PutDefinitionMode.UnlessNewest);
        var entry = new ParticipantEntry("p", new Uri("http://x"), null, false, 1, false);
        var putting = () => rig.Registry.PutAsync(entry, "ann", CancellationToken.None);
        store.FailsWith = null;
        await rig.UntilAsync(() => rig.Health.NotReady is null, TimeSpan.FromMilliseconds(250));

        outcome.Should().BeOfType<PutDefinitionOutcome.Unavailable>();
        rig.Catalog.List().Should().BeEmpty();
        rig.Registry.List().Should().BeEmpty();
        await putting.Should().NotThrowAsync();
    }

    private static Task<PutDefinitionOutcome> PutAsync(
        EngineRig rig, SagaDefinition definition, PutDefinitionMode mode, string actor = "ann") =>
        rig.Catalog.PutAsync(definition, mode, actor, CancellationToken.None).Soon();
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedCatalogStories() : CatalogStories(EngineKind.Embedded);

/// <summary>On the Dapr engine.</summary>
public sealed class DaprCatalogStories() : CatalogStories(EngineKind.Dapr);

namespace Orchestrator.Tests.Deployment;

/// <summary>
/// The files in <c>components/</c>, as far as they can be checked without Dapr: property names are those of Dapr's
/// reference, names refer to something, no password is in them.
/// </summary>
public sealed class ComponentTests
{
    private static readonly Dictionary<string, string> Versions = new(StringComparer.Ordinal)
    {
        ["Component"] = "dapr.io/v1alpha1",
        ["Resiliency"] = "dapr.io/v1alpha1",
        ["Subscription"] = "dapr.io/v2alpha1",
    };

    private static IEnumerable<YamlDocumentOf> Components => DaprFiles.Resources.Where(resource => resource.Kind == "Component");

    private static IEnumerable<string> AppIds => DaprFiles.Apps.Select(app => app.Id);

    [Fact]
    public void Every_variant_has_the_files_it_is_named_for() =>
        DaprFiles.Resources.Select(resource => resource.File).Distinct().Should().BeEquivalentTo(
            "components/statestore.yaml", "components/pubsub.yaml", "components/secretstore.yaml",
            "components/postgres/statestore.yaml", "components/postgres/secretstore.yaml",
            "components/sqlserver/statestore.yaml", "components/sqlserver/secretstore.yaml",
            "components/rabbitmq/pubsub.yaml", "components/rabbitmq/secretstore.yaml",
            "components/shared/resiliency.yaml", "components/shared/subscriptions.yaml");

    [Fact]
    public void Every_document_says_what_it_is()
    {
        foreach (var resource in DaprFiles.Resources)
        {
            Versions.Should().ContainKey(resource.Kind, resource.File);
            resource.Root.Text("apiVersion").Should().Be(Versions[resource.Kind], resource.File);
            resource.Name.Should().MatchRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "Kubernetes takes no other names");
            resource.Root.Names().Should().BeSubsetOf(["apiVersion", "kind", "metadata", "spec", "auth", "scopes"], resource.File);
        }
    }

    [Fact]
    public void A_component_has_only_properties_that_its_type_knows_each_once()
    {
        foreach (var component in Components)
        {
            var type = $"{component.Type}/{component.Root.Text("spec", "version")}";
            var names = component.Items.Select(item => item.Text("name")!).ToList();
            DaprFiles.Metadata.Should().ContainKey(type, component.File);
            names.Should().BeSubsetOf(DaprFiles.Metadata[type], component.File).And.OnlyHaveUniqueItems();
            foreach (var item in component.Items)
                item.Names().Should().BeSubsetOf(["name", "value", "secretKeyRef"], component.File).And.HaveCount(2);
        }
    }

    [Fact]
    public void No_folder_has_two_actor_state_stores_or_two_components_of_one_name()
    {
        foreach (var folder in DaprFiles.Resources.GroupBy(resource => resource.Folder))
        {
            folder.Count(resource => resource.IsActorStateStore).Should().BeLessThan(2, folder.Key);
            folder.Select(resource => (resource.Kind, resource.Name)).Should().OnlyHaveUniqueItems(folder.Key);
        }

        Components.Where(component => component.Type.StartsWith("state.", StringComparison.Ordinal))
            .Should().HaveCount(3).And.OnlyContain(component => component.IsActorStateStore)
            .And.OnlyContain(component => component.Scopes.SequenceEqual(new[] { "orchestrator" }));
    }

    [Theory]
    [InlineData("components", "components/shared")]
    [InlineData("components/postgres", "components/rabbitmq", "components/shared")]
    [InlineData("components/sqlserver", "components/rabbitmq", "components/shared")]
    public void Folders_meant_to_go_together_have_one_store_one_broker_and_no_name_twice(params string[] folders)
    {
        var together = DaprFiles.Loaded(folders);

        together.Count(resource => resource.IsActorStateStore).Should().Be(1);
        together.Count(resource => resource is { Name: "pubsub", Kind: "Component" }).Should().Be(1);
        together.Select(resource => (resource.Kind, resource.Name)).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Secrets_are_references_that_lead_to_a_secret_store_in_the_same_folder()
    {
        foreach (var component in Components)
        {
            foreach (var item in component.Items.Where(item => IsSecret(item.Text("name")!)))
                item.At("value").Should().BeNull($"{component.File} must not hold the {item.Text("name")} itself");
            var references = component.Items.Select(item => item.At("secretKeyRef"))
                .Where(reference => reference is not null).ToList();
            if (references.Count == 0) continue;
            references.Should().OnlyContain(
                reference => reference.Text("name") != null && reference.Text("key") == reference.Text("name"));
            references.Should().NotContain(
                reference => reference.Text("name")!.StartsWith("DAPR_") || reference.Text("name") == "APP_API_TOKEN",
                "the store of environment variables does not give these away");
            var store = component.Root.Text("auth", "secretStore");
            Components.Should().ContainSingle(
                other => other.Folder == component.Folder && other.Name == store && other.Type.StartsWith("secretstores."),
                $"{component.File} asks {store} for its secrets");
        }
    }

    [Fact]
    public void Subscriptions_lead_from_each_topic_to_the_app_that_takes_it()
    {
        var subscriptions = DaprFiles.Resources.Where(resource => resource.Kind == "Subscription").ToList();
        var expected = AppIds.Select(app => app == "orchestrator" ? ("saga.replies", app) : ($"saga.{app}", app));

        subscriptions.Select(each => (each.Root.Text("spec", "topic")!, each.Scopes.Single())).Should().BeEquivalentTo(expected);
        foreach (var each in subscriptions)
        {
            each.Root.At("spec").Names().Should().BeEquivalentTo("pubsubname", "topic", "routes");
            each.Root.Text("spec", "pubsubname").Should().Be("pubsub");
            each.Root.Text("spec", "routes", "default").Should().StartWith("/saga/");
        }
    }

    [Fact]
    public void Resiliency_names_only_policies_apps_and_components_that_there_are()
    {
        var resiliency = DaprFiles.Resources.Single(resource => resource.Kind == "Resiliency");
        Path.GetFileName(resiliency.File).Should().Be("resiliency.yaml", "Dapr looks for that name");
        var policies = resiliency.Root.At("spec", "policies", "retries").Names();
        var apps = resiliency.Root.At("spec", "targets", "apps");

        resiliency.Scopes.Should().BeEquivalentTo(AppIds);
        apps.Names().Should().BeEquivalentTo(AppIds.Where(app => app != "orchestrator"));
        apps.Names().Select(app => apps.Text(app, "retry")).Should().BeSubsetOf(policies);
        apps.Names().Should().OnlyContain(app => apps.At(app).Names().Single() == "retry", "an undo must always be let through");
        resiliency.Root.Text("spec", "targets", "components", "pubsub", "inbound", "retry").Should().BeOneOf(policies);
        resiliency.Root.Text("spec", "policies", "retries", "once", "maxRetries").Should().Be("0");
    }

    private static bool IsSecret(string name) =>
        name.Contains("password", StringComparison.OrdinalIgnoreCase) || name.Contains("connectionString", StringComparison.Ordinal);
}

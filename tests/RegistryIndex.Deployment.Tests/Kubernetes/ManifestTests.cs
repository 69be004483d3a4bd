using System.Xml.Linq;
using k8s;
using k8s.Models;
using RegistryIndex.Testing;

namespace RegistryIndex.Deployment.Tests.Kubernetes;

/// <summary><c>deploy/kubernetes</c>, parsed strictly into Kubernetes' own types. An unknown key is an error.</summary>
public sealed class ManifestTests
{
    private static readonly IReadOnlyList<object> Manifests =
        KubernetesYaml.LoadAllFromString(File.ReadAllText(Checkout.PathOf("deploy", "kubernetes", "registry-index.yaml")), typeMap: null, strict: true);

    [Fact]
    public void There_is_one_object_of_each_kind() => Manifests.Select(manifest => manifest.GetType()).Should().Equal(typeof(V1ServiceAccount), typeof(V1Service), typeof(V1PodDisruptionBudget), typeof(V1StatefulSet));

    [Fact]
    public void Every_selector_selects_the_pods_of_the_stateful_set()
    {
        var labels = Set.Spec.Template.Metadata.Labels;
        Set.Spec.Selector.MatchLabels.Should().Equal(labels);
        Manifests.OfType<V1Service>().Single().Spec.Selector.Should().Equal(labels);
        Manifests.OfType<V1PodDisruptionBudget>().Single().Spec.Selector.MatchLabels.Should().Equal(labels);
        Set.Spec.Template.Spec.ServiceAccountName.Should().Be(Manifests.OfType<V1ServiceAccount>().Single().Metadata.Name);
    }

    [Fact]
    public void The_pod_is_one_replica_with_the_user_of_the_image_and_least_privileges()
    {
        Set.Spec.Replicas.Should().Be(1, "the index is a file");
        Set.Spec.Template.Spec.SecurityContext.Should().BeEquivalentTo(new { RunAsNonRoot = true, RunAsUser = 1654L, FsGroup = 1654L });
        var container = Set.Spec.Template.Spec.Containers.Single();
        container.SecurityContext.ReadOnlyRootFilesystem.Should().BeTrue();
        container.SecurityContext.AllowPrivilegeEscalation.Should().BeFalse();
        container.SecurityContext.Capabilities.Drop.Should().Equal("ALL");
        container.Ports.Single().ContainerPort.Should().Be(5080);
        (container.LivenessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Path).Should().Be(("/livez", "/readyz"));
        container.VolumeMounts.Select(mount => mount.MountPath).Should().Equal("/data", "/secrets");
    }

    // The mode of the volume is Kubernetes' (fsGroup), so the database must not be the default one, which is used only where it is private.
    [Fact]
    public void The_database_that_the_image_names_is_in_the_volume()
    {
        var named = XDocument.Load(Checkout.PathOf("src", "RegistryIndex.Server", "Image.targets")).Descendants("ContainerEnvironmentVariable")
            .Single(variable => variable.Attribute("Include")!.Value == "SQLALCHEMY_INDEX_DATABASE").Attribute("Value")!.Value;
        var container = Set.Spec.Template.Spec.Containers.Single();
        named.Should().StartWith($"sqlite:///{container.VolumeMounts.Single(mount => mount.Name == Set.Spec.VolumeClaimTemplates.Single().Metadata.Name).MountPath}/");
        container.Env.Select(variable => variable.Name).Should().NotContain("STATE_DIRECTORY");
    }

    private static V1StatefulSet Set => Manifests.OfType<V1StatefulSet>().Single();
}

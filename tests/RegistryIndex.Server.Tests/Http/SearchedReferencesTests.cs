using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Http;

namespace RegistryIndex.Server.Tests.Http;

public sealed class SearchedReferencesTests
{
    [Theory]
    [InlineData("nginx:1.27", "nginx")]
    [InlineData("nginx:latest", "nginx")]
    [InlineData("nginx:", "nginx")]
    [InlineData("team/app:web", "team/app")]
    [InlineData("redis@sha256:6a0d1f", "redis")]
    [InlineData("redis@sha256:…", "redis")]
    [InlineData("redis:7@sha256:6a0d1f", "redis")]
    [InlineData("library/redis", "redis")]
    [InlineData("docker.io/library/redis:7", "redis")]
    [InlineData("docker.io/redis", "redis")]
    [InlineData("index.docker.io/bitnami/redis", "bitnami/redis")]
    [InlineData("team/app/", "team/app")]
    [InlineData("'nginx:1.27'", "nginx")]
    [InlineData("Team/App:V2", "team/app")]
    [InlineData("nginx:1.27 proxy", "nginx proxy")]
    [InlineData("proxy nginx:1.27", "proxy nginx")]
    [InlineData("docker pull nginx", "nginx")]
    [InlineData("docker  pull -q nginx:1.27", "nginx")]
    [InlineData("podman image pull team/app", "team/app")]
    [InlineData("docker run --rm --pull=always team/app:2", "team/app")]
    [InlineData("FROM nginx:1.27", "nginx")]
    [InlineData("image: \"nginx:1.27\"", "nginx")]
    public void The_search_for_a_reference_uses_its_name(string typed, string names) => NamesIn(typed).Should().Be(names);

    [Theory]
    [InlineData("https://registry.example.com", "registry.example.com/team/app")]
    [InlineData("https://registry.example.com", "REGISTRY.Example.com/team/app:2")]
    [InlineData("https://Registry.Example.COM/", "registry.example.com/team/app/")]
    [InlineData("https://registry.example.com", "https://registry.example.com/team/app")]
    [InlineData("https://registry.example.com", "HTTPS://registry.example.com/Team/App/")]
    [InlineData("https://registry.example.com", "docker://registry.example.com/team/app:2")]
    [InlineData("https://registry.example.com", "docker pull registry.example.com/team/app")]
    [InlineData("https://registry.example.com", "helm pull oci://registry.example.com/team/app")]
    [InlineData("https://registry.example.com:5000", "registry.example.com:5000/team/app:2@sha256:6a0d")]
    [InlineData("http://registry:5000", "registry:5000/team/app:2")]
    [InlineData("http://registry:5000", "registry/team/app")]
    [InlineData("http://10.0.0.7:5000", "10.0.0.7:5000/team/app")]
    [InlineData("http://[::1]:5000", "[::1]:5000/team/app:2")]
    [InlineData("http://[2001:db8::7]", "[2001:DB8:0::7]/team/app@sha256:6a0d")]
    [InlineData("http://[::1]:5000", "http://[::1]:5000/team/app/")]
    [InlineData("https://artifacts.example.com/docker", "artifacts.example.com/docker/team/app:2")]
    [InlineData("https://artifacts.example.com/Docker/", "artifacts.example.com/docker/team/app")]
    public void The_public_address_of_the_registry_is_not_part_of_a_name(string publicUrl, string typed) => NamesIn(typed, publicUrl).Should().Be("team/app");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("nginx")]
    [InlineData("web shop")]
    [InlineData("team/app")]
    [InlineData("docker")]
    [InlineData("docker pull")]
    [InlineData("ghcr.io/team/app")]
    [InlineData("other:5000/team/app")]
    [InlineData("registry.example.com")]
    [InlineData("registry.example.com/")]
    [InlineData("https://registry.example.com/")]
    [InlineData("me@example.com")]
    [InlineData(":7")]
    [InlineData("/")]
    [InlineData("w%b")]
    [InlineData("℀/x")]
    [InlineData("一二三四五六七八九十百千万上下左右大小中天地人山水火木金土/x")] // .NET takes it for the host of an address, and then finds that DNS can have no such name
    public void Text_that_is_not_a_reference_is_not_changed(string? typed) => NamesIn(typed, "https://registry.example.com").Should().BeNull();

    [Theory]
    [InlineData("registry.example.com", "which is not an address")]
    [InlineData("ftp://registry.example.com", "which is not an address")]
    [InlineData("https://me:secret@registry.example.com", "must be only an address")]
    [InlineData("https://registry.example.com/?x=1", "must be only an address")]
    public void An_invalid_address_is_a_mistake(string publicUrl, string sentence) =>
        new PublicUrlOptions { Url = publicUrl }.As<IValidatableObject>().Validate(new(new object())).Should().ContainSingle()
            .Which.ErrorMessage.Should().StartWith("registry_public_url ").And.Contain(sentence).And.NotContain("secret");

    private static string? NamesIn(string? typed, string? publicUrl = null) =>
        new SearchedReferences(Options.Create(new PublicUrlOptions { Url = publicUrl })).NamesIn(typed);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Registry.Tests;

internal static class TestClient
{
    public static RegistryClient Of(string address, Action<RegistryOptions>? change = null, TimeProvider? time = null, ILogger? logger = null)
    {
        var options = new RegistryOptions { Address = address, TimeoutSeconds = 600 };
        change?.Invoke(options);
        return new(options, new(DescriptionKeys.Default), time ?? TimeProvider.System, logger ?? NullLogger.Instance);
    }

    public static async Task<List<StoredRepository>> ReadAllAsync(this RegistryClient client, string? after = null) =>
        await client.ReadAsync(after, cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    public static async Task<string> ProblemOf<T>(Func<Task<T>> ask)
    {
        var problem = (await FluentActions.Awaiting(ask).Should().ThrowAsync<RegistrySourceException>()).Which.Message;
        problem.Should().EndWith(".").And.NotContain("\n");
        return problem;
    }

    /// <summary>Sets the answer for requests whose path ends with a text.</summary>
    public static void Answer(this RegistryProxy proxy, string path, int status, string body, params (string Name, string Value)[] headers) => proxy.Fault = async context =>
    {
        if (!context.Request.Path.Value!.EndsWith(path, StringComparison.Ordinal))
            return false;
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(body);
        return true;
    };
}

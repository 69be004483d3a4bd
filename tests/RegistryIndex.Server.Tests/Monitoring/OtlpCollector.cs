using System.Buffers.Binary;
using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Monitoring;

/// <summary>
/// Receives what is sent by OTLP, over HTTP or gRPC, and reads it by the field numbers of opentelemetry-proto 1.x: an export has resources
/// (1), with attributes (1.1) and scopes (2), and a scope has its name (1.1) and metrics or spans (2).
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private const int NameOfMetric = 1;
    private const int NameOfSpan = 5;

    private readonly WebApplication _app;

    private OtlpCollector(bool isGrpc)
    {
        _app = LoopbackApp.Create(listen: port => port.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        _app.MapPost("/v1/metrics", context => ReceiveAsync(context, Metrics, NameOfMetric));
        _app.MapPost("/v1/traces", context => ReceiveAsync(context, Spans, NameOfSpan));
        _app.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context => ReceiveAsync(context, Metrics, NameOfMetric));
        _app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => ReceiveAsync(context, Spans, NameOfSpan));
        _app.MapFallback(context =>
        {
            Unknown.Add(context.Request.Path);
            return Task.CompletedTask;
        });
    }

    public string Url => _app.Urls.First();

    /// <summary>The names of metrics and spans, with the service and the scope that they are of.</summary>
    public ConcurrentBag<(string Service, string Scope, string Name)> Metrics { get; } = [];

    /// <inheritdoc cref="Metrics"/>
    public ConcurrentBag<(string Service, string Scope, string Name)> Spans { get; } = [];

    /// <summary>Requests for anything else, such as logs.</summary>
    public ConcurrentBag<string> Unknown { get; } = [];

    public static async Task<OtlpCollector> StartAsync(bool isGrpc = false)
    {
        var collector = new OtlpCollector(isGrpc);
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task ReceiveAsync(HttpContext context, ConcurrentBag<(string Service, string Scope, string Name)> into, int name)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var isGrpc = context.Request.ContentType == "application/grpc";
        var message = body.ToArray();
        if (isGrpc)
        {
            BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(1)).Should().Be(message.Length - 5, "a message has its length before it");
            message = message[5..];
        }

        foreach (var resource in FieldsOf(message, 1))
        {
            var attributes = FieldsOf(FieldsOf(resource, 1).Single(), 1).ToDictionary(attribute => Text(attribute, 1), attribute => FieldsOf(attribute, 2).Single());
            foreach (var scope in FieldsOf(resource, 2))
            {
                foreach (var item in FieldsOf(scope, 2))
                    into.Add((Text(attributes["service.name"], 1), Text(FieldsOf(scope, 1).Single(), 1), Text(item, name)));
            }
        }

        context.Response.ContentType = isGrpc ? "application/grpc" : "application/x-protobuf";
        if (!isGrpc)
            return;
        await context.Response.Body.WriteAsync(new byte[5]); // an empty message
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static string Text(byte[] message, int field) => System.Text.Encoding.UTF8.GetString(FieldsOf(message, field).Single());

    private static List<byte[]> FieldsOf(byte[] message, int field)
    {
        var (input, found) = (new CodedInputStream(message), new List<byte[]>());
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }

        return found;
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RegistryIndex.Testing.DynamoDb;

/// <summary>Stands between a process and DynamoDB, so that a test can stop the process after a number of writes, independent of time.</summary>
public sealed class DynamoDbProxy : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly WebApplication _app;
    private readonly Uri _target;
    private TaskCompletionSource _held = new();
    private int _left = int.MaxValue;
    private bool _holdsReads;

    private DynamoDbProxy(string endpoint)
    {
        _target = new(endpoint);
        _app = LoopbackApp.Create();
        _app.Run(AnswerAsync);
    }

    /// <summary>Its address: http://host:port.</summary>
    public string Endpoint => _app.Urls.First();

    public static async Task<DynamoDbProxy> StartAsync(string endpoint)
    {
        var proxy = new DynamoDbProxy(endpoint);
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>Lets a number of further writes through. Later writes are held until their client has gone, and are never executed.</summary>
    /// <returns>A task that completes when a write is held.</returns>
    public Task HoldAfterAsync(int writes)
    {
        _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _left, writes);
        return _held.Task;
    }

    /// <summary>Holds all further lists and searches until their client has gone.</summary>
    /// <returns>A task that completes when a request is held.</returns>
    public Task HoldReadsAsync()
    {
        _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _holdsReads, true);
        return _held.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var action = context.Request.Headers["X-Amz-Target"].ToString();
        var isWrite = action.EndsWith("Item", StringComparison.Ordinal) && !action.EndsWith("GetItem", StringComparison.Ordinal);
        var isRead = action.EndsWith(".Scan", StringComparison.Ordinal) || action.EndsWith(".Query", StringComparison.Ordinal);
        if ((isWrite && Interlocked.Decrement(ref _left) < 0) || (isRead && Volatile.Read(ref _holdsReads)))
        {
            _held.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Abort();
            return;
        }

        await _client.ForwardAsync(context, _target, context.Request.Body);
    }
}

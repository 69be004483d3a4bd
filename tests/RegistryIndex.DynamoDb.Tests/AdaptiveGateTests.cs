using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>How many requests the gate admits at a time.</summary>
public sealed class AdaptiveGateTests
{
    [Fact]
    public async Task The_limit_grows_without_throttling_and_halves_when_throttled()
    {
        var gate = new AdaptiveGate(start: 2, most: 8);
        (await MostInsideAsync(gate, requests: 2)).Should().Be(2);
        (await MostInsideAsync(gate, requests: 200)).Should().Be(8);
        gate.Slow();
        (await MostInsideAsync(gate, requests: 4)).Should().Be(4);
    }

    [Fact]
    public async Task The_limit_is_halved_once_for_all_requests_in_progress()
    {
        var gate = new AdaptiveGate(start: 8, most: 8);
        var slow = await MostInsideAsync(gate, requests: 8, onLeave: gate.Slow);
        slow.Should().Be(8);
        (await MostInsideAsync(gate, requests: 4)).Should().Be(4);
    }

    [Fact]
    public async Task A_failed_request_releases_its_place()
    {
        var gate = new AdaptiveGate(start: 1, most: 1);
        var failing = () => gate.RunAsync<int>(() => throw new IOException(), TestIndexes.Stop);
        await failing.Should().ThrowAsync<IOException>();
        (await gate.RunAsync(() => Task.FromResult(5), TestIndexes.Stop)).Should().Be(5);
        var cancelled = () => gate.RunAsync(() => Task.FromResult(5), new CancellationToken(canceled: true));
        await cancelled.Should().ThrowAsync<OperationCanceledException>();
    }

    // Requests leave one by one, and only when no other request can enter.
    private static async Task<int> MostInsideAsync(AdaptiveGate gate, int requests, Action? onLeave = null)
    {
        var inside = new Queue<TaskCompletionSource<int>>();
        var (most, locked) = (0, new Lock());
        var running = Enumerable.Range(0, requests).Select(_ => gate.RunAsync(() =>
        {
            lock (locked)
            {
                var request = new TaskCompletionSource<int>();
                inside.Enqueue(request);
                most = Math.Max(most, inside.Count);
                return request.Task;
            }
        }, TestIndexes.Stop)).ToList();
        while (running.Exists(request => !request.IsCompleted))
        {
            TaskCompletionSource<int>? next = null;
            await Task.Yield();
            lock (locked)
            {
                if (inside.Count == gate.Inside)
                    inside.TryDequeue(out next);
            }

            if (next is null)
                continue;
            onLeave?.Invoke();
            next.SetResult(0);
        }

        await Task.WhenAll(running);
        return most;
    }
}

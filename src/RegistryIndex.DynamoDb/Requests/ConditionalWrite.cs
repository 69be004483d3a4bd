using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>How a conditional write that may be sent more than once ended.</summary>
/// <param name="IsDone">Whether it was carried out now.</param>
/// <param name="MayBeDoneBefore">Whether it was sent before without an answer, so that its own work may be what it found.</param>
/// <param name="Found">The item that did not meet the condition; null where there was none.</param>
internal readonly record struct ConditionalResult(bool IsDone, bool MayBeDoneBefore, Dictionary<string, AttributeValue>? Found);

/// <summary>Conditional writes of which a second one does no harm.</summary>
internal static class ConditionalWrite
{
    /// <summary>Sends it until there is an answer.</summary>
    /// <param name="sender">The way to DynamoDB.</param>
    /// <param name="sendOnce">Sends it; the condition's failure must bring the item along.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<ConditionalResult> RepeatAsync(this RequestSender sender, Func<Task> sendOnce, CancellationToken cancellationToken)
    {
        var backoff = sender.NewBackoff();
        for (var wasSentBefore = false; ; wasSentBefore = true)
        {
            try
            {
                await sendOnce().ConfigureAwait(false);
                return new(true, wasSentBefore, null);
            }
            catch (ConditionalCheckFailedException error)
            {
                return new(false, wasSentBefore, error.Item is { Count: > 0 } ? error.Item : null);
            }
            catch (UnansweredException error)
            {
                if (!backoff.MayGoOn)
                    throw error.Described;
            }

            await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>The result of a conditional write that may be sent more than once.</summary>
/// <param name="IsDone">Whether this request carried out the write.</param>
/// <param name="MayBeDoneBefore">Whether an earlier request remained without an answer, so that <paramref name="Found"/> may be its result.</param>
/// <param name="Found">The item that did not meet the condition; null if there was no item.</param>
internal readonly record struct ConditionalResult(bool IsDone, bool MayBeDoneBefore, Dictionary<string, AttributeValue>? Found);

/// <summary>Conditional writes that are safe to send twice.</summary>
internal static class ConditionalWrite
{
    /// <summary>Sends the write until there is an answer.</summary>
    /// <param name="sender">Sends the requests.</param>
    /// <param name="sendOnce">Sends the write once. If the condition fails, the exception must contain the item.</param>
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

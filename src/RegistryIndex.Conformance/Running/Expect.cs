namespace RegistryIndex.Conformance.Running;

/// <summary>The checks of the cases. A failed check tells what was expected and what came.</summary>
internal static class Expect
{
    private const int BeforeBorder = 2;
    private const int AfterBorder = 3;

    public static void That(bool holds, string expected, string came)
    {
        if (!holds)
            throw new ExpectationException(expected, came);
    }

    public static void Equal<T>(T expected, T came, string of)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, came))
            throw new ExpectationException($"{of}: {One(expected)}", One(came));
    }

    public static void Names(IReadOnlyList<string> expected, IReadOnlyList<string> came, string of)
    {
        if (!expected.SequenceEqual(came, StringComparer.Ordinal))
            throw Differs(expected, came, of, name => Show.Text(name), name => name);
    }

    public static void Repositories(IReadOnlyList<Repository> expected, IReadOnlyList<Repository> came, string of)
    {
        if (!expected.SequenceEqual(came))
            throw Differs(expected, came, of, Show.Repository, repository => repository.Name);
    }

    /// <summary>Runs an action that must throw, and returns the error.</summary>
    public static async Task<TError> ThrowsAsync<TError>(Func<Task> action, string of)
        where TError : Exception
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (TError error)
        {
            return error;
        }
        catch (Exception error) when (error is not HarnessException and not NotApplicableException)
        {
            throw new ExpectationException($"{of}: {typeof(TError).Name}", Show.Error(error));
        }

        throw new ExpectationException($"{of}: {typeof(TError).Name}", "no error");
    }

    private static ExpectationException Differs<T>(IReadOnlyList<T> expected, IReadOnlyList<T> came, string of, Func<T, string> show, Func<T, string> nameOf)
    {
        var at = expected.Zip(came).TakeWhile(pair => EqualityComparer<T>.Default.Equals(pair.First, pair.Second)).Count();
        var before = expected.Skip(at - BeforeBorder).Take(Math.Min(at, BeforeBorder)).ToList();
        var where = at == 0 ? "" : $"after the {at} that are right ({(at > BeforeBorder ? "…, " : "")}{Show.List(before, show)}): ";
        return new($"{of}: {where}{Show.List([.. expected.Skip(at)], show)}", Show.List([.. came.Skip(at)], show))
        {
            Border = [.. before.Concat(expected.Skip(at).Take(AfterBorder)).Concat(came.Skip(at).Take(AfterBorder)).Select(nameOf)],
        };
    }

    private static string One<T>(T value) => value switch
    {
        null => "nothing",
        string text => Show.Text(text),
        Repository repository => Show.Repository(repository),
        _ => value.ToString() ?? "",
    };
}

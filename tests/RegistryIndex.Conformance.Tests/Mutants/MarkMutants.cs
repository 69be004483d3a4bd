using System.Collections.Concurrent;
using System.Text;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class MarkMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("replaces a mark without comparing it", "a-mark-is-replaced-by-compare-and-swap", index => new AlteredIndex(index)
        {
            ReplaceMark = async (name, _, replacement, cancellation) => await index.TryReplaceMarkAsync(name, await index.ReadMarkAsync(name, cancellation), replacement, cancellation),
        }),
        new("creates a mark over an existing one", "a-mark-is-replaced-by-compare-and-swap", index => new AlteredIndex(index)
        {
            ReplaceMark = async (name, expected, replacement, cancellation) => await index.TryReplaceMarkAsync(name, expected ?? await index.ReadMarkAsync(name, cancellation), replacement, cancellation),
        }),
        new("removes a mark without comparing it", "a-mark-is-replaced-by-compare-and-swap", index => new AlteredIndex(index)
        {
            ReplaceMark = async (name, expected, replacement, cancellation) => await index.TryReplaceMarkAsync(name, replacement is null ? await index.ReadMarkAsync(name, cancellation) : expected, replacement, cancellation),
        }),
        new("has one mark for all names", "a-mark-is-replaced-by-compare-and-swap", index => new AlteredIndex(index)
        {
            ReadMark = (_, cancellation) => index.ReadMarkAsync("one", cancellation),
            ReplaceMark = (_, expected, replacement, cancellation) => index.TryReplaceMarkAsync("one", expected, replacement, cancellation),
        }),
        new("reports a replacement that did not happen", "a-mark-is-replaced-by-compare-and-swap", index => new AlteredIndex(index)
        {
            ReplaceMark = async (name, expected, replacement, cancellation) => await index.TryReplaceMarkAsync(name, expected, replacement, cancellation) || true,
        }),
        new("compares marks without regard to case", "marks-are-compared-to-the-letter", index => Comparing(index, (now, expected) => string.Equals(now, expected, StringComparison.OrdinalIgnoreCase))),
        new("compares marks without the spaces at their end", "marks-are-compared-to-the-letter", index => Comparing(index, (now, expected) => now?.TrimEnd() == expected?.TrimEnd())),
        new("compares marks as LIKE does", "marks-are-compared-to-the-letter", index => Comparing(index, (now, expected) => now == expected || (now is not null && expected == "%"))),
        new("keeps 255 characters of a mark", "a-mark-holds-any-text-of-4096-characters", index => new AlteredIndex(index)
        {
            ReplaceMark = (name, expected, replacement, cancellation) => index.TryReplaceMarkAsync(name, expected, replacement?.Length > 255 ? replacement[..255] : replacement, cancellation),
        }),
        new("treats an empty mark as no mark", "a-mark-holds-any-text-of-4096-characters", index => new AlteredIndex(index)
        {
            ReadMark = async (name, cancellation) => await index.ReadMarkAsync(name, cancellation) is { Length: > 0 } text ? text : null,
        }),
        new("keeps 32 characters of a mark's name", "a-mark-holds-any-text-of-4096-characters", index => new AlteredIndex(index)
        {
            ReadMark = (name, cancellation) => index.ReadMarkAsync(name.Length > 32 ? name[..32] : name, cancellation),
            ReplaceMark = (name, expected, replacement, cancellation) => index.TryReplaceMarkAsync(name.Length > 32 ? name[..32] : name, expected, replacement, cancellation),
        }),
        new("accepts any text as the name of a mark", "a-mark-that-breaks-a-rule-is-an-argument-error", index => new AlteredIndex(index)
        {
            ReadMark = (name, cancellation) => index.ReadMarkAsync(Harmless(name), cancellation),
            ReplaceMark = (name, expected, replacement, cancellation) => index.TryReplaceMarkAsync(Harmless(name), expected, replacement, cancellation),
        }),
        new("accepts invalid names when it reads marks", "a-mark-that-breaks-a-rule-is-an-argument-error", index => new AlteredIndex(index)
        {
            ReadMark = (name, cancellation) => index.ReadMarkAsync(Harmless(name), cancellation),
        }),
        new("cuts a mark that is too long", "a-mark-that-breaks-a-rule-is-an-argument-error", index => new AlteredIndex(index)
        {
            ReplaceMark = (name, expected, replacement, cancellation) => index.TryReplaceMarkAsync(name, expected, replacement?[..Math.Min(replacement.Length, IndexMark.MaxLength)], cancellation),
        }),
        new("replaces an unpaired surrogate in a mark", "a-mark-that-breaks-a-rule-is-an-argument-error", index => new AlteredIndex(index)
        {
            ReplaceMark = (name, expected, replacement, cancellation) => index.TryReplaceMarkAsync(name, expected, replacement is null ? null : Whole(replacement), cancellation),
        }),
        new("treats an unpaired surrogate as U+FFFD when it compares a mark", "a-mark-that-breaks-a-rule-is-an-argument-error", index => new AlteredIndex(index)
        {
            ReplaceMark = (name, expected, replacement, cancellation) => index.TryReplaceMarkAsync(name, expected is null ? null : Whole(expected), replacement, cancellation),
        }),
        new("keeps marks among the repositories", "marks-are-beside-the-repositories", index => new AlteredIndex(index)
        {
            ReadMark = async (name, cancellation) => (await index.GetAsync(name, cancellation))?.Description,
            ReplaceMark = async (name, expected, replacement, cancellation) =>
            {
                if ((await index.GetAsync(name, cancellation))?.Description != expected)
                    return false;
                if (replacement is null)
                    return await index.DeleteAsync(name, cancellation);
                await index.UpsertAsync(new(name, replacement), cancellation);
                return true;
            },
        }),
        new("drops the marks when it imports", "marks-are-beside-the-repositories", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                await index.TryReplaceMarkAsync("first-load", await index.ReadMarkAsync("first-load", cancellation), null, cancellation);
                return await index.ImportAsync(stream, options, cancellation);
            },
        }),
        new("reads and then replaces, in two steps", "one-of-many-replaces-a-mark", (index, store) => new AlteredIndex(index)
        {
            ReplaceMark = async (name, expected, replacement, cancellation) =>
            {
                var now = await index.ReadMarkAsync(name, cancellation);
                await CallBarrier.Of(store).ArriveAsync();
                if (now != expected)
                    return false;
                await index.TryReplaceMarkAsync(name, await index.ReadMarkAsync(name, cancellation), replacement, cancellation);
                return true;
            },
        }),
        new("keeps marks in its own process", "one-of-many-processes-replaces-a-mark", index =>
        {
            var own = new ReferenceIndex();
            return new AlteredIndex(index) { ReadMark = own.ReadMarkAsync, ReplaceMark = own.TryReplaceMarkAsync };
        }),
        new("reads marks from a cache of its process", "one-of-many-processes-replaces-a-mark", index =>
        {
            var cache = new ConcurrentDictionary<string, string?>();
            return new AlteredIndex(index)
            {
                ReadMark = async (name, cancellation) => cache.TryGetValue(name, out var text) ? text : cache[name] = await index.ReadMarkAsync(name, cancellation),
                ReplaceMark = async (name, expected, replacement, cancellation) =>
                {
                    var replaced = await index.TryReplaceMarkAsync(name, expected, replacement, cancellation);
                    if (replaced)
                        cache[name] = replacement;
                    return replaced;
                },
            };
        }),
        new("gives work to every process", "work-is-given-to-one", index => new AlteredIndex(index) { ReplaceMark = (_, _, _, _) => Task.FromResult(true), ReadMark = (_, _) => Task.FromResult<string?>(null) }),
        new("compares marks under a lock of its own process", "work-is-given-to-one-of-many-processes", (index, store) =>
        {
            var gate = new SemaphoreSlim(1);
            return new AlteredIndex(index)
            {
                ReplaceMark = (name, expected, replacement, cancellation) => WritingMutants.InTurnAsync(gate, async () =>
                {
                    var now = await index.ReadMarkAsync(name, cancellation);
                    await CallBarrier.Of(store).ArriveAsync();
                    if (now != expected)
                        return false;
                    await index.TryReplaceMarkAsync(name, await index.ReadMarkAsync(name, cancellation), replacement, cancellation);
                    return true;
                }),
            };
        }),
        new("keeps 39 characters of a mark's name", "a-mark-holds-any-text-of-4096-characters", index => new AlteredIndex(index)
        {
            ReadMark = (name, cancellation) => index.ReadMarkAsync(name.Length > 39 ? name[..39] : name, cancellation),
            ReplaceMark = (name, expected, replacement, cancellation) => index.TryReplaceMarkAsync(name.Length > 39 ? name[..39] : name, expected, replacement, cancellation),
        }),
        new("confuses marks whose names begin alike", "a-mark-holds-any-text-of-4096-characters", index => new AlteredIndex(index)
        {
            ReadMark = async (name, cancellation) => await index.ReadMarkAsync(name, cancellation) ?? (name.Length > 1 ? await index.ReadMarkAsync(IndexMark.CheckName(name)[..1], cancellation) : null),
        }),
        new("requires a letter at the beginning of a mark's name", "a-mark-holds-any-text-of-4096-characters", index => new AlteredIndex(index)
        {
            ReplaceMark = (name, expected, replacement, cancellation) => name[0] == '-' ? throw new ArgumentException("A mark's name begins with a letter.", nameof(name)) : index.TryReplaceMarkAsync(name, expected, replacement, cancellation),
        }),
        new("forgets marks that did not change for a while", "work-that-crashed-is-taken-over-where-it-was", index =>
        {
            var reads = 0;
            return new AlteredIndex(index)
            {
                ReadMark = async (name, cancellation) => Interlocked.Increment(ref reads) > 2 ? null : await index.ReadMarkAsync(name, cancellation),
            };
        }),
        new("answers no search while it imports", "searches-answer-while-work-is-done", index =>
        {
            var busy = 0;
            return new AlteredIndex(index)
            {
                Search = (request, cancellation) => Volatile.Read(ref busy) > 0 ? Task.FromResult(request.ToPage([], null)) : index.SearchAsync(request, cancellation),
                Import = async (stream, options, cancellation) =>
                {
                    Interlocked.Increment(ref busy);
                    var result = await index.ImportAsync(stream, options, cancellation);
                    Interlocked.Decrement(ref busy);
                    return result;
                },
            };
        }),
    ];

    private static string Harmless(string name)
    {
        try
        {
            return IndexMark.CheckName(name);
        }
        catch (ArgumentException)
        {
            return "any";
        }
    }

    private static AlteredIndex Comparing(MemoryIndex index, Func<string?, string?, bool> equals) => new(index)
    {
        ReplaceMark = async (name, expected, replacement, cancellation) => await index.ReadMarkAsync(name, cancellation) is var now && equals(now, expected) && await index.TryReplaceMarkAsync(name, now, replacement, cancellation),
    };

    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}

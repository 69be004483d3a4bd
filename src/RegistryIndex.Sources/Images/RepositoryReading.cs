using System.Runtime.CompilerServices;

namespace RegistryIndex.Sources.Images;

/// <summary>One read of a repository: its tags, and the images of the tags that are considered.</summary>
/// <param name="images">Its tags and images.</param>
/// <param name="reader">Reads images.</param>
/// <param name="remembered">What its images said when they were read before.</param>
/// <param name="stored">What the index holds of the repository, or null.</param>
/// <param name="isLimited">Whether each read is a request to a registry, of which few are wanted.</param>
internal sealed class RepositoryReading(IRepositoryImages images, ImageReader reader, IReadOnlyList<TaggedImage> remembered, Repository? stored, bool isLimited)
{
    private const int MaxTags = 4;
    private const int MostPartsBeforeAttachments = 1; // beside the tags and the manifest, so that the index of attachments is the fourth request

    private readonly IReadOnlyList<TaggedImage> _known = [.. remembered, .. InRow(stored)];
    private readonly List<Tag> _asked = [];
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly List<TaggedImage> _read = [];
    private IReadOnlyCollection<string> _names = [];
    private string? _representative;
    private string? _describer;

    /// <summary>What has to be remembered of the repository; only the image of the preferred tag keeps its facts.</summary>
    public IReadOnlyList<TaggedImage> Read => [.. _read.Select(tagged => tagged.Tag == _representative ? tagged : tagged with { Image = tagged.Image with { Facts = null } })];

    /// <summary>The names of the repository's tags, without those that turned out to have no image.</summary>
    public IReadOnlyCollection<string> Tags => _gone.Count == 0 ? _names : [.. _names.Where(name => !_gone.Contains(name))];

    public string? Description { get; private set; }

    /// <summary>The facts; null when the image of the preferred tag could not be read.</summary>
    public RepositoryFacts? Facts { get; private set; }

    public string? Problem { get; private set; }

    public RegistrySourceException? Failure { get; private set; }

    /// <returns>Whether there is a tag.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        _names = await images.ListTagsAsync(cancellationToken);
        var isThere = false;
        await foreach (var tag in FindAsync(_names, cancellationToken))
        {
            isThere = true;
            if (_asked.Count == MaxTags || !TagOrder.CanRepresent(tag.Name))
                break;
            _asked.Add(tag);
            if (await TryAskAsync(tag, cancellationToken))
                break;
        }

        if (Failure is null)
            await TellFactsAsync(_names, cancellationToken);
        return isThere;
    }

    public async Task<bool> IsStillTrueAsync(CancellationToken cancellationToken) =>
        await FindAsync(await images.ListTagsAsync(cancellationToken), cancellationToken).Take(_asked.Count).SequenceEqualAsync(_asked.ToAsyncEnumerable(), cancellationToken: cancellationToken);

    // The row has the facts of its tag's image, and the digests of the other images that were read.
    private static IEnumerable<TaggedImage> InRow(Repository? stored)
    {
        if (stored?.Facts is not { Tag: { } tag } facts || Digest.TryParse(facts.Digest) is not { } digest)
            yield break;
        if (facts.Size is null && ImageFacts.IsIndex(facts.MediaType))
            yield break; // none of its images could be read, and one may exist by now
        yield return new(tag, new(digest, facts.DescriptionTag is null ? stored.Description : null) { Facts = facts });
        foreach (var text in facts.OtherImages ?? [])
        {
            if (text.Split('@', 2) is [var other, var its] && Digest.TryParse(its) is { } known)
                yield return new(other, new(known, other == facts.DescriptionTag ? stored.Description : null) { HasSignature = facts.IsSigned });
        }
    }

    private async IAsyncEnumerable<Tag> FindAsync(IReadOnlyCollection<string> names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var name in TagOrder.BestFirst(names))
        {
            if (await FindTagAsync(name, cancellationToken) is { } tag)
                yield return tag;
        }
    }

    private async Task<Tag?> FindTagAsync(string name, CancellationToken cancellationToken)
    {
        var tag = await images.FindTagAsync(name, cancellationToken);
        if (tag is null)
            _gone.Add(name);
        return tag;
    }

    /// <returns>Whether no other tag needs to be read.</returns>
    private async Task<bool> TryAskAsync(Tag tag, CancellationToken cancellationToken)
    {
        _representative ??= tag.Name;
        try
        {
            var image = await ReadAsync(tag, FindKnown(tag.Name), cancellationToken);
            _read.Add(new(tag.Name, image));
            (Description, _describer) = (image.Description, tag.Name);
            Note(tag, image.Problem);
            return Description is not null;
        }
        catch (UnreadableImageException error)
        {
            Note(tag, error.Message);
            return false;
        }
        catch (RegistrySourceException error)
        {
            (Problem, Failure) = (Problem ?? error.Message, error);
            return true;
        }
    }

    private async Task<Image> ReadAsync(Tag tag, Image? before, CancellationToken cancellationToken)
    {
        if (await images.OpenAsync(tag, before?.Digest, cancellationToken) is { } manifest)
        {
            return _read.Find(other => other.Image.Digest == manifest.Digest).Image // another tag of an image that was read
                ?? _known.FirstOrDefault(other => other.Image.Digest == manifest.Digest && other.Image.Lacking.Count == 0 && IsEnough(tag.Name, other.Image)).Image
                ?? await reader.ReadAsync(manifest, cancellationToken);
        }

        return await LacksStillAsync(before!, cancellationToken) ? before! : await ReadAsync(tag, before: null, cancellationToken);
    }

    private Image? FindKnown(string tag) => _known.FirstOrDefault(before => before.Tag == tag && IsEnough(tag, before.Image)).Image;

    // For the image of the preferred tag, the facts are needed too.
    private bool IsEnough(string tag, Image image) => tag != _representative || image.Facts is not null || image.Problem is not null;

    private async Task<bool> LacksStillAsync(Image image, CancellationToken cancellationToken)
    {
        foreach (var (part, digest) in image.Lacking)
        {
            try
            {
                if (await images.ReadAsync(part, digest, cancellationToken) is { } content && digest.IsOf(content))
                    return false;
            }
            catch (UnreadableImageException)
            {
                // The problem stays.
            }
        }

        return true;
    }

    private async Task TellFactsAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        if (_representative is null)
        {
            Facts = new() { TagCount = names.Count(TagOrder.Counts) }; // what was known of an image is gone with it, though signatures may stay
            return;
        }

        if (_read.Find(tagged => tagged.Tag == _representative).Image is not { Problem: null, Facts: { } facts } image)
            return;
        try
        {
            var isSigned = await IsSignedAsync(image, names, cancellationToken);
            Facts = facts with
            {
                Tag = _representative,
                TagCount = names.Count(TagOrder.Counts),
                DescriptionTag = Description is null || _describer == _representative ? null : _describer,
                IsSigned = isSigned,
                OtherImages = OtherImages(),
                PushedAt = PushTime(image.Digest),
            };
        }
        catch (RegistrySourceException error)
        {
            (Problem, Failure) = (Problem ?? error.Message, error);
        }
    }

    private async Task<bool> IsSignedAsync(Image image, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        if (names.Contains(Signatures.TagOf(image.Digest), StringComparer.Ordinal))
            return true;
        var tag = Signatures.IndexTagOf(image.Digest);
        if (!names.Contains(tag, StringComparer.Ordinal))
            return false;
        if (isLimited && reader.PartsRead > MostPartsBeforeAttachments && stored?.Facts?.Digest != image.Digest.ToString())
            return false; // the next look-up, which need not read this image, finds out
        try
        {
            var known = FindKnown(tag);
            if (await FindTagAsync(tag, cancellationToken) is not { } found)
                return false;
            var index = await images.OpenAsync(found, known?.Digest, cancellationToken) is { } manifest
                ? new(manifest.Digest, Description: null) { HasSignature = Signatures.AreIn(manifest) }
                : known!;
            _read.Add(new(tag, index));
            return index.HasSignature;
        }
        catch (UnreadableImageException)
        {
            return false; // no signature can be found
        }
    }

    private string[] OtherImages() =>
        [.. _read.Where(tagged => tagged.Tag != _representative && tagged.Image is { Problem: null, Lacking.Count: 0 }).Select(tagged => $"{tagged.Tag}@{tagged.Image.Digest}")];

    // A storage's times change when it is restored: so a known time stays unless the image is another one.
    private DateTimeOffset? PushTime(Digest digest) =>
        stored?.Facts is { PushedAt: not null } facts && facts.Digest == digest.ToString() ? null : _asked[0].LinkedAt;

    private void Note(Tag tag, string? problem) =>
        Problem ??= problem is null ? null : $"The description of tag '{RepositoryName.Shown(tag.Name)}' cannot be read: {problem}.";
}

namespace RegistryIndex.Sources.Images;

/// <summary>
/// Finds out what is true of a repository from its tags and images. The tag that speaks for it is asked first
/// (<see cref="TagOrder"/>); where it has no description, or cannot be read, a few others are. Thread-safe.
/// </summary>
/// <param name="keys">Under which names images keep their description.</param>
/// <param name="memory">About how many bytes may remember what was read, so that what has not changed is not read again; 0 where reading again costs nobody anything.</param>
public sealed class RepositoryReader(DescriptionKeys keys, long memory = 0)
{
    private const int MaxTags = 4;
    private const int MaxRounds = 3;

    private readonly ImageMemory? _memory = memory > 0 ? new(memory) : null;

    /// <summary>Reads one repository.</summary>
    /// <param name="name">Its name as the source says it.</param>
    /// <param name="position">Where it is in the source.</param>
    /// <param name="images">Its tags and images.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>What is true; null when it has no tag.</returns>
    /// <exception cref="RegistrySourceException">The tags cannot be listed at the moment.</exception>
    public async Task<StoredRepository?> ReadAsync(string name, string position, IRepositoryImages images, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var reading = new Reading(images, new(images, keys), _memory?.Find(name) ?? []);
            if (!await reading.RunAsync(cancellationToken))
            {
                _memory?.Keep(name, []);
                return null;
            }

            if (reading.Failure is null)
                _memory?.Keep(name, reading.Read);

            // While we read, a tag may have been moved or deleted and its image collected as garbage. So a problem is only
            // believed where the tags still say the same.
            if (reading.Problem is null || reading.Failure is not null || round == MaxRounds || await reading.IsStillTrueAsync(cancellationToken))
                return new(new(name, reading.Description), position, reading.Problem) { Failure = reading.Failure };
        }
    }

    private sealed class Reading(IRepositoryImages images, ImageReader reader, IReadOnlyList<TaggedImage> known)
    {
        private readonly List<Tag> _asked = [];
        private readonly List<TaggedImage> _read = [];

        public IReadOnlyList<TaggedImage> Read => _read;

        public string? Description { get; private set; }

        public string? Problem { get; private set; }

        public RegistrySourceException? Failure { get; private set; }

        /// <returns>Whether there is a tag.</returns>
        public async Task<bool> RunAsync(CancellationToken cancellationToken)
        {
            await foreach (var tag in images.ListTagsAsync(cancellationToken))
            {
                if (_asked.Count == MaxTags || !TagOrder.Speaks(tag.Name))
                    return true;
                _asked.Add(tag);
                if (await TryAskAsync(tag, cancellationToken))
                    return true;
            }

            return _asked.Count > 0;
        }

        public async Task<bool> IsStillTrueAsync(CancellationToken cancellationToken) =>
            await images.ListTagsAsync(cancellationToken).Take(_asked.Count).SequenceEqualAsync(_asked.ToAsyncEnumerable(), cancellationToken: cancellationToken);

        /// <returns>Whether nobody else needs to be asked.</returns>
        private async Task<bool> TryAskAsync(Tag tag, CancellationToken cancellationToken)
        {
            try
            {
                var image = await ReadAsync(tag, known.FirstOrDefault(before => before.Tag == tag.Name).Image, cancellationToken);
                _read.Add(new(tag.Name, image));
                Description = image.Description;
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
                return _read.Find(other => other.Image.Digest == manifest.Digest).Image // another name of an image that has been asked
                    ?? known.FirstOrDefault(other => other.Image.Digest == manifest.Digest && other.Image.Lacking.Count == 0).Image
                    ?? await reader.ReadAsync(manifest, cancellationToken);
            }

            return await LacksStillAsync(before!, cancellationToken) ? before! : await ReadAsync(tag, before: null, cancellationToken);
        }

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
                    // As before.
                }
            }

            return true;
        }

        private void Note(Tag tag, string? problem) =>
            Problem ??= problem is null ? null : $"The description of tag '{RepositoryName.Shown(tag.Name)}' cannot be read: {problem}.";
    }
}

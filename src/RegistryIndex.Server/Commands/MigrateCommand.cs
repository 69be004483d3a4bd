using System.CommandLine;
using System.Globalization;
using RegistryIndex.Migration;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Indexes;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Server.Transfer;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index migrate</c>: copies an index into another.</summary>
internal static class MigrateCommand
{
    private static readonly Option<bool> Merge = new("--merge") { Description = "Migrate although the target has other data, and overwrite data that differs from the source." };
    private static readonly Option<bool> Delete = new("--delete") { Description = "At the end, delete from the target what the source does not have; the source is asked for each name first." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Write nothing; print how many items, write units and dollars the migration takes." };
    private static readonly Option<int?> MaxWriteUnits = new Option<int?>("--max-write-units") { Description = "DynamoDB: the maximum number of write units a second." }.Within(1);
    private static readonly Option<string?> RefusedFile = new("--refused") { Description = "The file for what the target refuses, as JSON Lines; by default the first are printed to standard error.", HelpName = "FILE" };

    /// <summary>The index that is read.</summary>
    public static Option<string> From { get; } = new("--from") { Description = $"The index to read: {NamedIndex.Forms}.", HelpName = "SIDE", Required = true };

    /// <summary>The index that is written.</summary>
    public static Option<string> To { get; } = new("--to") { Description = "The other index, in the same forms; primary and secondary are the indexes of a configured mirror.", HelpName = "SIDE", Required = true };

    public static Command Create()
    {
        var command = new Command("migrate", "Copy everything from one index to another. A run that was killed continues when it is started again; the source does not change.")
        {
            From, To, DryRun, MaxWriteUnits, Merge, Delete, RefusedFile,
        };
        command.Runs(RunAsync, interrupted: "nothing has been migrated.");
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var inUse = Settings.ReadChecked(parsed, cancellationToken);
        var (from, to) = (Settings.ReadNamedIndex(parsed, From, inUse), await ThrottledAsync(Settings.ReadNamedIndex(parsed, To, inUse), parsed.GetValue(MaxWriteUnits)));
        await using var source = await OpenedIndex.ForReadingAsync(from, cancellationToken);
        if (parsed.GetValue(DryRun))
            return await EstimateAsync(source, to, parsed, cancellationToken);
        var (obstacle, earlier) = await LookAtTargetAsync(source, to, parsed.GetValue(Merge), cancellationToken);
        if (obstacle is not null)
        {
            await Console.Error.WriteLineAsync($"registry-index: {obstacle}");
            return ExitCode.Failed;
        }

        using var refusals = new RefusalList(parsed.GetValue(RefusedFile), earlier?.Refused ?? 0); // before a target is created
        using var meter = new CostMeter();
        await using var target = await OpenedIndex.ForWritingAsync(to, cancellationToken);
        meter.Reset();
        if (LeftFacts.Find(source.Index, target.Index) is { } left)
            await Console.Error.WriteLineAsync(left);
        await MirrorMark.NoteWriterAsync(target.Index, source.IsSearchable ? await OriginMark.ReadAsync(source.Index, cancellationToken) : null, cancellationToken);
        var mark = await MigrationMark.TakeAsync(target.Index, source.Location, TimeProvider.System, cancellationToken);
        var begun = mark.Position;
        if (begun.After is not null)
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Continuing an earlier migration: {begun.Moved:n0} repositories are migrated."));
        var progress = new Terminal.Progress(TimeProvider.System, source.Repositories, begun.Moved);
        var migration = new IndexMigration(source.ToEndpoint(), target.Index, mark) { Refused = refusals.Add, Progress = progress, Preference = target.ImportPreference ?? IndexMigration.DefaultPreference };
        MigrationResult done;
        try
        {
            done = await progress.RunAsync("Migrating", () => migration.RunAsync(parsed.GetValue(Delete), cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Runner.Say(parsed, [$"Interrupted; {Moved()}"], ExitCode.Interrupted);
        }
        catch (RegistryIndexException)
        {
            await Console.Error.WriteLineAsync(Moved());
            throw;
        }

        progress.Done(done.Result);
        await SayAsync(done, refusals);
        if (mark.IsResumed && !parsed.GetValue(Delete) && await MirrorMark.IsSetAsync(target.Index, cancellationToken))
            await Console.Error.WriteLineAsync("An earlier run was interrupted, and repositories that a mirror deleted at that moment may still be in the target: verify reports them, and migrate --merge --delete removes them.");
        meter.WriteIfBilled();
        return refusals.Count > 0 ? ExitCode.Failed : ExitCode.Done;

        string Moved() => string.Create(CultureInfo.InvariantCulture,
            $"{migration.Position.Moved:n0} repositories are migrated, and stay. The same command continues from there: {CommandText.CommandOf(parsed)}");
    }

    private static async Task<NamedIndex> ThrottledAsync(NamedIndex side, int? unitsPerSecond)
    {
        if (unitsPerSecond is null)
            return side;
        if (await OpenedIndex.FindWriteCostAsync(side) is not { } cost)
            throw new ConfigurationMistakeException($"--max-write-units is for a target in DynamoDB, and '{side.Text}' does not bill writes; omit it.");
        KeyValuePair<string, string?> limit = new(cost.LimitSetting, unitsPerSecond.Value.ToString(CultureInfo.InvariantCulture));
        return side with { Configuration = new ConfigurationBuilder().Add(GivenSettings.Of(side.Configuration)).AddInMemoryCollection([limit]).Build() };
    }

    private static void RequireOther(OpenedIndex source, OpenedIndex target)
    {
        if (source.Index.Provider == target.Index.Provider && source.Location == target.Location)
            throw new ConfigurationMistakeException($"--from and --to are the same index, {source.Location}; name two different ones.");
    }

    /// <summary>
    /// Returns why the target must not be written, and the position of an interrupted migration. Only reads the target, so that a refused
    /// one stays unchanged.
    /// </summary>
    private static async Task<(string? Obstacle, MigrationPosition? Begun)> LookAtTargetAsync(OpenedIndex source, NamedIndex to, bool merge, CancellationToken cancellationToken)
    {
        await source.Index.ScanAsync(null, 1, cancellationToken).AnyAsync(cancellationToken); // fails before a target is created
        await using var target = await OpenedIndex.TryForReadingAsync(to, cancellationToken);
        if (target is null)
            return (null, null);
        RequireOther(source, target);
        // The content of the target comes from an interrupted migration of this source, but not from a completed one: the target may have
        // been written since.
        var begun = target.IsSearchable ? await MigrationMark.FindBegunAsync(target.Index, source.Location, cancellationToken) : null;
        if (merge || begun is not null || !await target.Index.ScanAsync(null, 1, cancellationToken).AnyAsync(cancellationToken))
            return (null, begun);
        var content = await TargetContent.ReadAsync(source.ToEndpoint(), target.ToEndpoint(), writeCost: null, refused: null, cancellationToken);
        if (content.IsOther && content.IsCopy)
            await Console.Error.WriteLineAsync(BehindSentence(target, content));
        return (content.IsOther && !content.IsCopy ? $"{OtherSentence(target, content)} Name another target, or add --merge." : null, null);
    }

    private static string BehindSentence(OpenedIndex target, TargetContent content) =>
        $"The target {target.Location} is a copy of the source that a mirror has made and that is not up to date: {content.ToSentence()}.";

    private static string OtherSentence(OpenedIndex target, TargetContent content) => target.IsMirrored
        ? $"the target {target.Location} differs from the source, and no mirror is removing the differences: {content.ToSentence()}. A server may have ended before it copied everything, or another program has written to the target."
        : $"the target {target.Location} holds other data than the source: {content.ToSentence()}.";

    private static async Task<int> EstimateAsync(OpenedIndex source, NamedIndex to, ParseResult parsed, CancellationToken cancellationToken)
    {
        using var refusals = new RefusalList(parsed.GetValue(RefusedFile));
        await using var target = await OpenedIndex.TryForReadingAsync(to, cancellationToken);
        if (target is not null)
            RequireOther(source, target);
        var cost = await OpenedIndex.FindWriteCostAsync(to);
        var content = await TargetContent.ReadAsync(source.ToEndpoint(), target?.ToEndpoint(), cost, refusals.Add, cancellationToken);
        var culture = CultureInfo.InvariantCulture;
        Console.WriteLine(string.Create(culture, $"{content.ToWrite:n0} repositories would be written, {content.Refused:n0} refused."));
        if (content.IsOther)
            Console.WriteLine(content.IsCopy ? BehindSentence(target!, content) : $"The migration would be refused without --merge: {OtherSentence(target!, content)}");
        Console.WriteLine(cost is not null
            ? string.Create(culture, $"{content.Cost.Items:n0} items, {content.Cost.WriteUnits:n0} write units: {content.Cost.ToDollars(cost):0.00} US dollars at {cost.DollarsPerMillionUnits} a million, {cost.Tariff}.")
            : "The target does not bill writes.");
        if (cost is not null && parsed.GetValue(MaxWriteUnits) is { } limit)
            Console.WriteLine(string.Create(culture, $"At {limit:n0} write units a second that takes {TimeSpan.FromSeconds(Math.Ceiling(content.Cost.WriteUnits / limit)):c}."));
        return refusals.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task SayAsync(MigrationResult done, RefusalList refusals)
    {
        var culture = CultureInfo.InvariantCulture;
        if (done.Repeated > 0)
            await Console.Error.WriteLineAsync(string.Create(culture, $"{done.Repeated:n0} were written during the migration, and copied again."));
        if (done.Deleted > 0)
            await Console.Error.WriteLineAsync(string.Create(culture, $"{done.Deleted:n0} were deleted from the target, because the source does not have them."));
        if (done.Result.Added + done.Result.Updated + done.Repeated + done.Deleted == 0)
            await Console.Error.WriteLineAsync("Nothing to do.");
        if (refusals.Count > 0)
            await Console.Error.WriteLineAsync(string.Create(culture, $"{refusals.Count:n0} were refused{refusals.Where}; the others are migrated."));
    }
}

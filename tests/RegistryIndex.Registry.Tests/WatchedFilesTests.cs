using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Files;
using RegistryIndex.Sources;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Registry.Tests;

/// <summary>Files as editors, renewals of certificates and Kubernetes change them. The clock stands: a test looks by itself.</summary>
public sealed class WatchedFilesTests : IDisposable
{
    private static readonly DateTime Old = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Lines _log = new();
    private readonly List<IDisposable> _watched = [];

    public void Dispose()
    {
        _watched.ForEach(watched => watched.Dispose());
        _directory.Dispose();
    }

    [Theory]
    [InlineData("written over")]
    [InlineData("renamed into place")]
    [InlineData("swapped by its link")]
    public void A_change_is_noticed_however_it_is_made_also_of_equal_length_and_time(string how)
    {
        var file = Write("one/text", "first");
        Write("two/text", "other");
        foreach (var written in (string[])["one/text", "two/text"])
            File.SetLastWriteTimeUtc(PathOf(written), Old);
        if (how == "swapped by its link")
        {
            Link("text", "one/text");
            file = PathOf("text");
        }

        var watched = Watch(file);
        watched.Value.Should().Be("first");
        switch (how)
        {
            case "written over":
                File.WriteAllText(file, "other");
                File.SetLastWriteTimeUtc(file, Old);
                break;
            case "renamed into place":
                File.Move(PathOf("two/text"), file, overwrite: true);
                break;
            default:
                Link("new", "two/text");
                File.Move(PathOf("new"), file, overwrite: true);
                break;
        }

        LookTwice(watched);
        watched.Value.Should().Be("other");
        _log.Should().ContainSingle().Which.Should().Contain("changed and was read again");
        LookTwice(watched);
        _log.Should().ContainSingle();
    }

    [Fact]
    public async Task A_secret_that_the_kubelet_swaps_is_noticed()
    {
        using var secret = new MountedSecret();
        await secret.UpdateAsync(("text", "first"));
        var watched = Watch(secret.PathOf("text"));
        await secret.UpdateAsync(("text", "other"));
        LookTwice(watched);
        watched.Value.Should().Be("other");
        await secret.UpdateAsync(("text", "third"));
        LookTwice(watched);
        watched.Value.Should().Be("third");
    }

    [Fact]
    public void What_is_being_written_does_not_count_yet()
    {
        var watched = Watch(Write("text", "first"));
        foreach (var part in (string[])["", "o", "oth"])
        {
            Write("text", part);
            watched.Look();
            watched.Value.Should().Be("first");
        }

        Write("text", "other");
        LookTwice(watched);
        watched.Value.Should().Be("other");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pair_counts_when_both_fit_whichever_is_written_first(bool isFirst)
    {
        var watched = Watch(Write("certificate", "pair 1"), Write("key", "pair 1"));
        Write(isFirst ? "certificate" : "key", "pair 2");
        for (var i = 0; i < 5; i++)
            watched.Look();
        watched.Value.Should().Be("pair 1 and pair 1");
        _log.Should().ContainSingle("the log says it once").Which.Should().Contain("do not belong together.").And.Contain("what").And.Contain("said before holds");

        Write(isFirst ? "key" : "certificate", "pair 2");
        LookTwice(watched);
        watched.Value.Should().Be("pair 2 and pair 2");
        _log.Should().HaveCount(2);
    }

    [Fact]
    public void A_file_that_is_away_for_a_while_is_read_when_it_is_back()
    {
        var watched = Watch(Write("text", "first"));
        File.Delete(PathOf("text"));
        for (var i = 0; i < 5; i++)
            watched.Look();
        watched.Value.Should().Be("first");
        _log.Should().ContainSingle().Which.Should().Contain("cannot be read (No such file or directory");

        Write("text", "first");
        LookTwice(watched);
        watched.Value.Should().Be("first");
        _log.Should().HaveCount(2).And.Subject.Last().Should().Contain("was read again");

        File.Delete(PathOf("text"));
        Directory.CreateDirectory(PathOf("text"));
        LookTwice(watched);
        Directory.Delete(PathOf("text"));
        Write("text", "other");
        LookTwice(watched);
        watched.Value.Should().Be("other");
    }

    [Theory]
    [InlineData("mkfifo")]
    [InlineData("mkdir")]
    [InlineData("ln", "-s", "text")]
    public async Task What_is_no_file_of_bytes_keeps_nobody_waiting_and_what_the_file_said_before_holds(string program, params string[] arguments)
    {
        var watched = Watch(Write("text", "first"));
        File.Delete(PathOf("text"));
        (await ProcessRunner.RunAsync(program, [.. arguments, PathOf("text")], TestContext.Current.CancellationToken)).ExitCode.Should().Be(0);
        await Task.Run(() => LookTwice(watched), TestContext.Current.CancellationToken).WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        watched.Value.Should().Be("first");
        _log.Should().ContainSingle().Which.Should().Contain("cannot be read (it");
        FluentActions.Invoking(() => Watch(PathOf("text"))).Should().Throw<UnusableFileException>();
    }

    [Fact]
    public void A_moment_in_which_a_file_is_away_is_not_worth_a_line_of_the_log()
    {
        var watched = Watch(Write("text", "first"));
        File.Delete(PathOf("text"));
        watched.Look();
        Write("text", "other");
        LookTwice(watched);
        watched.Value.Should().Be("other");
        _log.Should().ContainSingle().Which.Should().Contain("was read again");
    }

    [Fact]
    public void Whatever_goes_wrong_with_a_change_the_next_one_counts()
    {
        var watched = Watch(Write("text", "first"));
        Write("text", "explode");
        LookTwice(watched);
        watched.Value.Should().Be("first");
        File.WriteAllBytes(PathOf("text"), new byte[(16 << 20) + 1]);
        LookTwice(watched);
        _log.Should().HaveCount(2).And.Subject.Last().Should().Contain("larger than 16 MiB");
        Write("text", "other");
        LookTwice(watched);
        watched.Value.Should().Be("other");
    }

    [Fact]
    public async Task It_looks_by_itself()
    {
        var watched = Watch(Write("text", "first"));
        Write("text", "other");
        await Eventually.BeAsync(() =>
        {
            _time.Advance(WatchedFiles<string>.Interval); // a tick that comes while it looks is lost
            return watched.Value == "other";
        });
    }

    [Fact]
    public void At_the_start_a_file_has_to_be_what_it_should_be()
    {
        FluentActions.Invoking(() => Watch(PathOf("nowhere"))).Should().Throw<UnusableFileException>().WithMessage("*nowhere' cannot be read (*): see that it is there*");
        FluentActions.Invoking(() => Watch(Write("a", "1"), Write("b", "2"))).Should().Throw<UnusableFileException>().WithMessage("They do not belong together.");
    }

    private static void LookTwice(WatchedFiles<string> watched)
    {
        watched.Look();
        watched.Look();
    }

    private WatchedFiles<string> Watch(params string[] files)
    {
        var watched = new WatchedFiles<string>(files, Parse, _time, _log);
        _watched.Add(watched);
        return watched;
    }

    private static string Parse(IReadOnlyList<byte[]> contents)
    {
        var texts = contents.Select(Encoding.UTF8.GetString).ToList();
        if (texts.Contains("explode", StringComparer.Ordinal))
            throw new InvalidOperationException("It explodes.");
        return texts.Distinct(StringComparer.Ordinal).Count() == 1 ? string.Join(" and ", texts) : throw new UnusableFileException("They do not belong together.");
    }

    private string Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
        return PathOf(file);
    }

    private void Link(string link, string target) => File.CreateSymbolicLink(PathOf(link), target);

    private string PathOf(string file) => Path.Combine(_directory.Path, file);

    private sealed class Lines : ConcurrentQueue<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Enqueue(formatter(state, exception));
    }
}

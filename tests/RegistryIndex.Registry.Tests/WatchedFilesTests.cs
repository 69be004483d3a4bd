using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Files;
using RegistryIndex.Sources;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Registry.Tests;

/// <summary>Files change as by editors, certificate renewals and Kubernetes. The clock stands still, and a test triggers each reading.</summary>
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
    public void Every_kind_of_change_is_noticed_even_with_equal_length_and_time(string how)
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
    public async Task A_secret_that_the_kubelet_replaces_is_noticed()
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
    public void An_incomplete_file_is_not_used()
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
    public void Two_files_are_used_when_they_match_in_either_order_of_writing(bool isFirst)
    {
        var watched = Watch(Write("certificate", "pair 1"), Write("key", "pair 1"));
        Write(isFirst ? "certificate" : "key", "pair 2");
        for (var i = 0; i < 5; i++)
            watched.Look();
        watched.Value.Should().Be("pair 1 and pair 1");
        _log.Should().ContainSingle("the log says it once").Which.Should().Contain("do not belong together.").And.Contain("Until then the previous content of ").And.Contain("stays in effect.");

        Write(isFirst ? "key" : "certificate", "pair 2");
        LookTwice(watched);
        watched.Value.Should().Be("pair 2 and pair 2");
        _log.Should().HaveCount(2);
    }

    [Fact]
    public void A_file_that_disappears_is_read_again_when_it_returns()
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
    public async Task A_pipe_or_device_does_not_block_and_the_previous_content_stays_in_effect(string program, params string[] arguments)
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
    public void A_short_absence_of_a_file_is_not_logged()
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
    public void After_a_failed_change_the_next_one_is_read()
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
    public async Task Changes_are_noticed_without_a_request()
    {
        var watched = Watch(Write("text", "first"));
        Write("text", "other");
        await Eventually.BeAsync(() =>
        {
            _time.Advance(WatchedFiles<string>.Interval); // a tick during a reading is lost
            return watched.Value == "other";
        });
    }

    [Fact]
    public void An_unusable_file_is_an_error_at_the_start()
    {
        FluentActions.Invoking(() => Watch(PathOf("nowhere"))).Should().Throw<UnusableFileException>().WithMessage("*nowhere' cannot be read (*): check that it exists*");
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

using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>The real executable reports every typing mistake in one sentence on one line, in the user's words and not in those of .NET.</summary>
public sealed partial class WrongInvocationsTests : IDisposable
{
    private static readonly string[] Invocations =
    [
        "nosuch", "--nosuch", "-x", "search a -n 0", "search a -n", "search a --limit 1 --limit 2", "search a --json=perhaps --nosuch", "search a --flavor", "search a --flavor x",
        "search a --set", "search a --set a", "search a --set =b", "search a --set rate_limit=-1", "search a --set urls=x", "search a --set registry_timeout=1e9",
        "search a --set sync_interval=99999999999999999999", "search a --set Logging:LogLevel:Default=loud", "search a --set Logging:Console:FormatterName=xml", "search a --set trusted_proxies=x",
        "search a --registry nonsense", "search a --registry ftp://x", "search a --registry http://u:p@127.0.0.1:1",
        "search a --config DIR", "search a --config=", "search a --config DIR/binary", "search a --config DIR/empty", "search a --config DIR/loop", "search a --config DIR/utf16", "search a --config DIR/nothing", "search a --config DIR/empty/below",
        "search a --database DIR", "search a --database Data=", "search a --database sqlite:/x", "search a --database Host=127.0.0.1;Port=x", "search a --database Host=127.0.0.1;Port=99999", "search a --database Filename=x;Mode=Nonsense", "search a --database Filename=x;Pooling=perhaps", "search a --database Server=127.0.0.1;Connect_Timeout=x", "search a --database Server=127.0.0.1;Encrypt=perhaps",
        "search a --database postgresql://u:p@127.0.0.1:99999/d", "search a --database postgresql://u:p@127.0.0.1:1/d?sslmode=no", "search a --database postgresql://u:p@127.0.0.1:1/d", "search a --database mssql+pyodbc://u:p@127.0.0.1:1/d?x=y",
        "search a --database sqlite:///DIR", "search a --database sqlite:///DIR/binary", "search a --database sqlite:///DIR/none.db", "search a --database sqlite:///DIR/empty/below.db",
        "search a --search-backend /etc/passwd", "search a --search-backend DIR/fifo.dll", "search a --search-backend DIR/binary.dll", "search a --search-backend System.Text.Json", "search a --search-backend dynamodb --set extensions:dynamodb_index:endpoint=nonsense", "search a --search-backend mirror", "search a --search-backend mirror --set mirror:primary=mirror",
        "import", "import DIR", "import DIR/nothing", "import DIR/loop", "import DIR/empty DIR/empty", "import DIR/binary --database sqlite:///DIR/i.db", "import DIR/empty --database sqlite:///DIR", "import DIR/empty --database sqlite:////proc/x.db", "import DIR/empty --database sqlite:///DIR/empty/below.db",
        "import DIR/empty --database sqlite://", "import DIR/empty --refused DIR", "import DIR/empty --refused DIR/nothing/x", "import DIR/empty --refused DIR/binary",
        "load", "load x", "load --storage-path DIR/empty --database sqlite:///DIR/i.db", "load --storage-path DIR --database sqlite:///DIR/i.db", "load --storage-path DIR --database sqlite://", "load --set storage=s3", "load --set storage=ftp",
        "sync", "sync --registry http://127.0.0.1:1 --database sqlite:///DIR/i.db", "sync --registry http://127.0.0.1:1 --database sqlite://", "sync --set registry_username=u --registry http://127.0.0.1:1 --set registry_password_file=DIR",
        "delete", "delete a --database sqlite:///DIR/none.db", "export -f xml", "export --database sqlite:///DIR/none.db", "status x", "config x", "config --set urls=nonsense",
        "migrate --from a --to b", "migrate --from DIR/nothing.yml --to b", "migrate --from DIR#dev --to b", "migrate --from #dev --to b", "migrate --from sqlite:///DIR/none.db --to dynamodb://", "migrate --from sqlite:///DIR/none.db --to dynamodb://p?zone=x", "migrate --from sqlite:///DIR/none.db --to nosuch://x",
        "migrate --from a --to b --max-write-units x", "verify --from a --to b --searches x", "verify --from sqlite:///DIR/none.db --to sqlite:///DIR/none.db",
        "conformance --backend nosuch", "conformance --case nosuch", "conformance --seed x", "conformance --html DIR", "conformance --html DIR/nothing/x", "sweep --database sqlite:///DIR/none.db", "sweep --grace x", "rebuild --database sqlite:///DIR/none.db",
        "serve x", "serve --urls nonsense", "serve --urls http://127.0.0.1:99999", "serve --urls http://192.0.2.1:5000 --set allow_anonymous=true", "serve --set htpasswd=DIR", "serve --urls https://127.0.0.1:0 --set tls_certificate_file=DIR/binary --set tls_key_file=DIR/binary",
    ];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Each_wrong_invocation_is_one_sentence_without_internals()
    {
        await File.WriteAllBytesAsync(PathOf("binary"), [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * 7))], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(PathOf("utf16"), [0xFF, 0xFE, (byte)'d', 0], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf("empty"), "", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(PathOf("loop"), PathOf("loop"));
        File.Copy(PathOf("binary"), PathOf("binary.dll"));
        (await ProcessRunner.RunAsync("mkfifo", [PathOf("fifo.dll")])).ExitCode.Should().Be(0);
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Invocations, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, async (invocation, _) =>
        {
            var result = await RegistryIndexProcess.RunInEnvironmentAsync(
                [$"XDG_STATE_HOME={_directory.Path}/state"], [.. invocation.Split(' ').Select(word => word.Replace("DIR", _directory.Path, StringComparison.Ordinal))]);
            string[] lines = [.. result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("/tmp/docker-registry.db", StringComparison.Ordinal))];
            if (result.ExitCode is not (1 or 2) || lines is not [var line] || !Sentence().IsMatch(line) || WordsOfNet().IsMatch(line.Replace(AppContext.BaseDirectory, "", StringComparison.Ordinal)))
                wrong.Enqueue($"{invocation}: exit code {result.ExitCode}, {result.Stderr}");
        });
        wrong.Should().BeEmpty();
    }

    private string PathOf(string name) => Path.Combine(_directory.Path, name);

    [GeneratedRegex(@"\Aregistry-index: .*[.?']\z")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\(Parameter '|Parameter name|Object reference|Nullable|Exception|System\.(?!Text\.Json)|Microsoft\.|Access to the path|the path '|Could not find|RegistryIndex\.[A-Z]|BytePosition|Value cannot be null|Specified argument|Requested value|Couldn't set|was not |format of the file|   at |This is a bug")]
    private static partial Regex WordsOfNet();
}

using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>The default place of the index on a machine with other users, and directories that do not exist.</summary>
public sealed class DefaultDatabaseTests
{
    private const string Place = "/home/root/.local/state/registry-index/index.db";

    public DefaultDatabaseTests() => Assert.SkipWhen(EmptyMachine.WhyNot is not null, EmptyMachine.WhyNot ?? "");

    [Fact]
    public async Task The_default_database_is_private_to_its_user_and_its_path_is_shown()
    {
        var result = await EmptyMachine.RunAsync("""
            printf 'team/app\tThe app\n' | registry-index import - 2> /dev/null
            stat -c '%a %n' /home/root/.local /home/root/.local/state /home/root/.local/state/registry-index /home/root/.local/state/registry-index/index.db
            registry-index config; registry-index status; registry-index search app
            as_nobody registry-index config
            XDG_STATE_HOME=/var/lib/state registry-index config
            STATE_DIRECTORY=/var/lib/own registry-index config
            ls /tmp
            """);
        result.Stderr.Should().BeEmpty();
        result.Stdout.Should().StartWith($"""
            700 /home/root/.local
            700 /home/root/.local/state
            700 /home/root/.local/state/registry-index
            600 {Place}

            """)
            .And.Contain($"sqlalchemy_index_database = sqlite:///{Place}  (default)").And.Contain($"location      {Place}\n").And.Contain("team/app\tThe app\n")
            .And.Contain("sqlite:////home/nobody/.local/state/registry-index/index.db  (default)").And.Contain("sqlite:////var/lib/state/registry-index/index.db  (default)")
            .And.Contain("sqlite:////var/lib/own/index.db  (default)").And.EndWith("bin\n");
    }

    [Fact]
    public async Task Only_the_user_can_read_the_default_database_while_it_is_written()
    {
        var result = await EmptyMachine.RunAsync("""
            mkdir -m 755 /var/lib/own; export STATE_DIRECTORY=/var/lib/own
            (printf 'team/app\tThe app\n'; sleep 3) | registry-index import - 2> /dev/null &
            while [ ! -e /var/lib/own/index.db-shm ]; do sleep 0.05; done
            stat -c '%a %n' /var/lib/own/index.db*
            wait
            """);
        result.Stdout.Should().Be("600 /var/lib/own/index.db\n600 /var/lib/own/index.db-shm\n600 /var/lib/own/index.db-wal\n", result.Stderr);
    }

    [Theory]
    [InlineData("as_nobody ln -s /home/root/precious /tmp/docker-registry.db; echo precious > /home/root/precious", "/tmp/docker-registry.db is a symbolic link")]
    [InlineData("as_nobody ln -s /home/root/precious /tmp/docker-registry.db", "/tmp/docker-registry.db is a symbolic link")]
    [InlineData("as_nobody registry-index import - --database sqlite:////tmp/docker-registry.db < /tmp/theirs 2> /dev/null", "/tmp/docker-registry.db belongs to another user")]
    [InlineData("registry-index import - --database sqlite:////tmp/docker-registry.db < /tmp/theirs 2> /dev/null; as_nobody ln -s /home/root/precious /tmp/docker-registry.db-wal", "/tmp/docker-registry.db-wal is a symbolic link")]
    public async Task A_file_of_another_user_at_the_old_location_is_ignored_with_a_warning(string preparation, string problem)
    {
        var result = await EmptyMachine.RunAsync($"""
            printf 'evil/app\tprepared\n' > /tmp/theirs
            {preparation}
            printf 'team/app\tThe app\n' | registry-index import -
            registry-index export 2> /dev/null; stat -c '%U %a %n' {Place}
            [ ! -e /home/root/precious ] || cat /home/root/precious
            """);
        result.Stdout.Should().Contain("team/app").And.Contain($"root 600 {Place}").And.NotContain("evil");
        result.Stderr.Should().Contain($"/tmp/docker-registry.db, where earlier versions had the index, is ignored: {problem}. The index is {Place}\n");
        result.Stdout.Split('\n')[2..].Should().BeEquivalentTo(preparation.Contains("echo", StringComparison.Ordinal) ? ["precious", ""] : [""]);
    }

    [Theory]
    [InlineData("XDG_STATE_HOME=/tmp; as_nobody mkdir -m 777 /tmp/registry-index", "the directory /tmp/registry-index belongs to another user; run this program as the user who owns it")]
    [InlineData("XDG_STATE_HOME=/tmp; mkdir /tmp/registry-index; chmod 777 /tmp/registry-index", "other users may write to the directory /tmp/registry-index; take that right from them (chmod go-w /tmp/registry-index)")]
    [InlineData("XDG_STATE_HOME=/tmp; mkdir -m 700 /var/lib/precious; as_nobody ln -s /var/lib/precious /tmp/registry-index", "the directory /tmp/registry-index is a symbolic link of another user; remove it")]
    [InlineData("STATE_DIRECTORY=/tmp; as_nobody ln -s /home/root/precious /tmp/index.db", "/tmp/index.db is a symbolic link; remove it")]
    public async Task A_file_of_another_user_at_the_new_location_is_not_used(string preparation, string problem)
    {
        var result = await EmptyMachine.RunAsync($"export {preparation}; echo 'team/app' | registry-index import -; echo $?; registry-index status; echo $?; ls -A /home/root");
        result.Stdout.Should().Be("1\n1\n");
        result.Stderr.Should().Contain($"is not used, because {problem}, or name another database in sqlalchemy_index_database.").And.NotContain("   at ");
        result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
    }

    [Fact]
    public async Task An_index_of_this_user_at_the_old_location_is_used_with_a_warning()
    {
        var result = await EmptyMachine.RunAsync($"""
            printf 'old/app\tThe app\n' | registry-index import - --database sqlite:////tmp/docker-registry.db 2> /dev/null
            registry-index search app; registry-index status 2> /dev/null; registry-index config | grep database
            mkdir -p {Path.GetDirectoryName(Place)}; mv /tmp/docker-registry.db {Place}
            registry-index search app; registry-index status; ls /tmp
            """);
        result.Stdout.Should().Contain("location      /tmp/docker-registry.db\n").And.Contain("sqlite:////tmp/docker-registry.db  (default)").And.Contain($"location      {Place}\n").And.EndWith("\nbin\n");
        result.Stdout.Split("old/app\tThe app").Should().HaveCount(3);
        result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle().Which.Should().StartWith("warn: ")
            .And.Contain($"The index is still /tmp/docker-registry.db, in a directory that all users share and that systems clear: stop the programs that use it and move it to {Place}, ");
    }

    [Theory]
    [InlineData("/home/o'neil")]
    [InlineData("/home/one two")]
    [InlineData("/home/what?")]
    [InlineData("/home/a;Mode=Memory")]
    [InlineData("/home/100% #1 \"é\"")]
    public async Task A_home_directory_may_have_any_name(string home)
    {
        var result = await EmptyMachine.RunAsync($"""
            export HOME="$(cat <<'END'
            {home}
            END
            )"
            mkdir "$HOME"; registry-index search app; echo $?; ls -A "$HOME"
            echo 'team/app' | registry-index import - 2> /dev/null; registry-index search app; registry-index status; find /home -name 'index.db*'
            """);
        result.Stdout.Should().StartWith("1\nteam/app\t\n").And.Contain($"location      {home}/.local/state/registry-index/index.db\n").And.EndWith($"\n{home}/.local/state/registry-index/index.db\n");
        result.Stderr.Should().StartWith($"registry-index: No index exists at {home}/.local/state/registry-index/index.db;");
    }

    [Fact]
    public async Task A_link_of_this_user_or_of_the_system_to_a_directory_is_followed()
    {
        var result = await EmptyMachine.RunAsync("""
            mkdir -m 755 /home/disk; install -d -o nobody -m 700 /home/disk/nobody; ln -s /home/disk/nobody /home/link
            as_user() { HOME=/home/link setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
            echo 'team/app' | as_user registry-index import - 2> /dev/null; as_user registry-index search app
            as_user mv /home/disk/nobody/.local/state/registry-index /home/disk/nobody/elsewhere
            as_user ln -s /home/disk/nobody/elsewhere /home/disk/nobody/.local/state/registry-index; as_user registry-index search app
            """);
        result.Should().Be(new ProcessResult(0, "team/app\t\nteam/app\t\n", ""));
    }

    [Fact]
    public async Task Without_HOME_the_database_is_in_the_home_directory_of_the_users_account()
    {
        var result = await EmptyMachine.RunAsync("unset HOME; getent passwd 0 | cut -d: -f6; registry-index config");
        result.Stdout.Should().Contain($"sqlalchemy_index_database = sqlite:///{result.Stdout.Split('\n')[0]}/.local/state/registry-index/index.db  (default)", result.Stderr);
    }

    [Fact]
    public async Task Without_a_home_directory_the_database_must_be_configured()
    {
        var result = await EmptyMachine.RunAsync("""
            unset HOME
            homeless() { setpriv --reuid=12345 --regid=12345 --clear-groups "$@"; }
            homeless registry-index status; echo $?; homeless registry-index serve --urls http://127.0.0.1:0; echo $?
            homeless registry-index config; homeless registry-index status --search-backend ''
            """);
        result.Stdout.Should().StartWith("2\n2\n").And.Contain("search_backend = sqlalchemy").And.NotContain("sqlalchemy_index_database").And.Contain("location      nowhere");
        result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().AllBe(
            "registry-index: This user has no home directory for the database; set sqlalchemy_index_database, such as to sqlite:////var/lib/registry-index/index.db.");
    }

    [Fact]
    public async Task A_writer_creates_a_missing_directory_and_a_reader_does_not()
    {
        var result = await EmptyMachine.RunAsync("""
            index=sqlite:////var/lib/registry-index/data/index.db
            for command in 'search app' status export 'sync --dry-run --registry http://127.0.0.1:1'; do registry-index $command --database $index; echo $?; done
            ls -A /var/lib
            echo 'team/app' | registry-index import - --database $index 2> /dev/null; stat -c '%a %n' /var/lib/registry-index /var/lib/registry-index/data
            """);
        result.Stdout.Should().Be("1\n1\n1\n1\n700 /var/lib/registry-index\n700 /var/lib/registry-index/data\n");
        result.Stderr.Should().Contain("No index exists at /var/lib/registry-index/data/index.db; 'registry-index serve', 'load', 'sync' and 'import' create one.");
    }

    [Theory]
    [InlineData("as_nobody registry-index search app --database sqlite:////home/root/index.db", "/home/root/index.db: Permission denied); give this user access to its directory, or name another database.")]
    [InlineData("as_nobody registry-index search app --database sqlite:////home/root/roots.db", "/home/root/roots.db: Permission denied); give this user access to its directory, or name another database.")]
    [InlineData("as_nobody registry-index import - --database sqlite:////home/root/index.db", "/home/root/index.db: Permission denied); give this user access to its directory, or name another database.")]
    [InlineData("as_nobody registry-index import - --database sqlite:////tmp/roots.db", "the database is read-only; let this process write to its file and directory")]
    [InlineData("registry-index import - --database sqlite:////home/readonly/index.db", "the database /home/readonly/index.db cannot be created (")]
    [InlineData("registry-index import - --database sqlite:////home/readonly/roots.db", "this user may not read and write it and its directory")]
    [InlineData("registry-index search app --database sqlite:////tmp/pipe", "the database /tmp/pipe is not a file;")]
    [InlineData("registry-index import - --database sqlite:////tmp/pipe", "the database /tmp/pipe is not a file;")]
    [InlineData("registry-index search app --database sqlite:////tmp", "the database /tmp is not a file;")]
    [InlineData("registry-index import - --database sqlite:////tmp", "/tmp")]
    [InlineData("registry-index import - --database sqlite:////tmp/$(printf %0300d 1)/index.db", "/index.db: File name too long); give this user access to its directory, or name another database.")]
    [InlineData("registry-index import - --database sqlite:////tmp/loop/index.db", "/tmp/loop")]
    public async Task A_database_that_cannot_be_opened_is_one_sentence(string command, string problem)
    {
        var result = await EmptyMachine.RunAsync($"""
            echo 'team/app' | registry-index import - --database sqlite:////home/root/roots.db 2> /dev/null
            cp /home/root/roots.db /tmp; mkfifo /tmp/pipe; ln -s loop /tmp/loop
            mkdir /home/readonly; mount -t tmpfs tmpfs /home/readonly; cp /home/root/roots.db /home/readonly; mount -o remount,ro /home/readonly
            echo 'team/web' | {command}; echo $?
            """);
        result.Stdout.Should().Be("1\n");
        result.Stderr.Should().StartWith("registry-index: ").And.Contain(problem).And.NotContain("   at ");
        result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle();
    }

    [Fact]
    public async Task A_read_only_database_can_be_searched()
    {
        var result = await EmptyMachine.RunAsync("""
            echo 'team/app' | registry-index import - --database sqlite:////home/root/roots.db 2> /dev/null
            mkdir /home/readonly; mount -t tmpfs -o mode=755 tmpfs /home/readonly; cp /home/root/roots.db /home/readonly; mount -o remount,ro /home/readonly
            registry-index search app --database sqlite:////home/readonly/roots.db
            as_nobody registry-index search app --database sqlite:////home/readonly/roots.db
            """);
        result.Should().Be(new ProcessResult(0, "team/app\t\nteam/app\t\n", ""));
    }

    [Theory]
    [InlineData("as_nobody", "/var/lib/registry-index/index.db", "the directory /var/lib/registry-index for the database /var/lib/registry-index/index.db cannot be created")]
    [InlineData("as_nobody", "/var/lib/index.db", "the database /var/lib/index.db cannot be created")]
    [InlineData("", "/proc/registry-index/index.db", "the directory /proc/registry-index for the database")]
    [InlineData("", "/tmp/bin/registry-index/index.db", "the directory /tmp/bin/registry-index for the database")]
    [InlineData("", "/readonly/new/index.db", "the directory /readonly/new for the database")]
    public async Task A_directory_that_cannot_be_created_is_one_sentence(string user, string file, string problem)
    {
        var result = await EmptyMachine.RunAsync($"""
            mkdir /home/readonly; mount -t tmpfs -o ro tmpfs /home/readonly
            index=sqlite:///{file.Replace("/readonly", "/home/readonly", StringComparison.Ordinal)}
            {user} registry-index serve --urls http://127.0.0.1:0 --database $index > /tmp/log 2>&1; echo $?; cat /tmp/log >&2
            echo 'team/app' | {user} registry-index import - --database $index; echo $?
            """);
        result.Stdout.Should().Be("1\n1\n");
        result.Stderr.Should().Contain(problem.Replace("/readonly", "/home/readonly", StringComparison.Ordinal)).And.Contain(", or name another database in sqlalchemy_index_database.").And.NotContain("   at ").And.NotContain("Unhandled");
    }
}

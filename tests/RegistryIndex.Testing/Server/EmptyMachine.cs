using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Testing.Server;

/// <summary>
/// Runs a shell script as root in a mount namespace with its own empty <c>/tmp</c>, <c>/var/lib</c> and <c>/home</c>, so that it can act as
/// several users there. The checkout and .NET may be in any directory, also below <c>/tmp</c>. In the script, <c>registry-index</c> is the real
/// executable, and <c>as_nobody</c> runs a program as another user.
/// </summary>
public static class EmptyMachine
{
    private const string Beginning = """
        set -u
        cd /; mount --bind "$1" /mnt; dotnet=$(readlink -f "$(command -v dotnet)"); mount --bind "$(dirname "$dotnet")" /srv; export DOTNET_ROOT=/srv
        mount -t tmpfs -o mode=1777 tmpfs /tmp; mount -t tmpfs -o mode=755 tmpfs /var/lib; mount -t tmpfs -o mode=755 tmpfs /home
        unset XDG_STATE_HOME STATE_DIRECTORY DOCKER_REGISTRY_CONFIG; export HOME=/home/root; mkdir -m 700 /home/root; install -d -o nobody -m 700 /home/nobody
        as_nobody() { HOME=/home/nobody setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
        mkdir /tmp/bin; printf '#!/bin/sh\nexec /srv/dotnet /mnt/registry-index.dll "$@"\n' > /tmp/bin/registry-index; chmod 755 /tmp/bin /tmp/bin/registry-index; PATH=/tmp/bin:$PATH

        """;

    /// <summary>The reason why the script cannot run here. Null if it can.</summary>
    public static string? WhyNot { get; } = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? null : "Only root on Linux can have empty directories in the place of the system's.";

    /// <summary>Runs a script to its end.</summary>
    public static Task<ProcessResult> RunAsync(string script) => ProcessRunner.RunAsync(
        "unshare", ["--mount", "--propagation", "private", "sh", "-c", Beginning + script, "sh", AppContext.BaseDirectory]);
}

using System.Diagnostics;
using System.Globalization;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignHub.Server.Tests.Platform.Postgres;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TemporaryDirectory _place = new();
    private readonly DataDirectory _directory;

    public EmbeddedPostgresTests() => _directory = DataDirectory.Open(_place.FullPath);

    [Fact]
    public async Task What_was_committed_survives_a_stop_and_a_kill()
    {
        var server = await StartAsync();
        await Sql.RunAsync(server.ConnectionString, "CREATE TABLE kept (n int)");
        await server.DisposeAsync();
        server.ServerProcessId.ShouldBeNull();

        server = await StartAsync();
        await Sql.RunAsync(server.ConnectionString, "INSERT INTO kept VALUES (1), (2)");
        var killed = server.ServerProcessId.ShouldNotBeNull();
        Kill(killed);

        (await Sql.RunWhenUpAsync(server.ConnectionString, "SELECT sum(n) FROM kept")).ShouldBe(3L);
        server.ServerProcessId.ShouldNotBe(killed);
        await server.DeleteAsync();
        Directory.Exists(server.Home).ShouldBeFalse();
    }

    [Fact]
    public async Task The_server_listens_on_no_port_and_has_a_session_of_its_own()
    {
        var server = await StartAsync();

        (await Sql.RunAsync(server.ConnectionString, "SHOW listen_addresses")).ShouldBe("");
        (await Sql.RunAsync(server.ConnectionString, "SHOW data_checksums")).ShouldBe("on");
        (await Sql.RunAsync(server.ConnectionString, "SELECT lower('ÉÅΩ')")).ShouldBe("éåω");
        SessionOf(server.ServerProcessId!.Value).ShouldNotBe(SessionOf(Environment.ProcessId));
        var socket = await Sql.RunAsync(server.ConnectionString, "SELECT split_part(current_setting('unix_socket_directories'), ',', 1)");
        ((int)File.GetUnixFileMode(Path.GetFullPath((string)socket!, server.Home + "/data"))).ShouldBe(7 << 6);
        await server.DeleteAsync();
    }

    [Fact]
    public async Task An_orphan_is_adopted_with_its_sessions_alive()
    {
        var orphan = await LeaveOrphanAsync();
        var server = await StartAsync();

        server.ServerProcessId.ShouldBe(orphan);
        await server.DeleteAsync();
    }

    [Fact]
    public async Task A_server_that_was_killed_with_its_service_is_started_anew()
    {
        var orphan = await LeaveOrphanAsync();
        Kill(orphan);

        var server = await StartAsync();

        server.ServerProcessId.ShouldNotBe(orphan);
        (await Sql.RunAsync(server.ConnectionString, "SELECT 1")).ShouldBe(1);
        await server.DeleteAsync();
    }

    [Fact]
    public async Task A_server_that_cannot_start_gives_its_own_reason()
    {
        var server = await StartAsync();
        await server.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(server.Home, "data", "postgresql.conf"), "nonsense\n");

        (await Should.ThrowAsync<StartupException>(StartAsync)).Message.ShouldContain("postgresql.conf");
        await server.DeleteAsync();
    }

    [Fact]
    public async Task A_pid_that_went_to_another_process_is_not_taken_for_the_server()
    {
        var server = await StartAsync();
        await server.DisposeAsync();
        var stale = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n{server.Home}/data\n1\n5432\n{server.Home}/socket\n\n\nready   \n");
        await File.WriteAllTextAsync(Path.Combine(server.Home, "data", "postmaster.pid"), stale);
        await File.WriteAllTextAsync(Path.Combine(server.Home, "socket", ".s.PGSQL.5432.lock"), stale);

        server = await StartAsync();

        server.ServerProcessId.ShouldNotBe(Environment.ProcessId);
        await server.DeleteAsync();
    }

    [Fact]
    public async Task Another_cluster_in_the_place_of_ours_is_refused()
    {
        var server = await StartAsync();
        await server.DisposeAsync();
        await File.WriteAllTextAsync(_directory.PathOf("postgres.identity"), "12345\n");

        var refusal = await Should.ThrowAsync<StartupException>(StartAsync);

        refusal.Message.ShouldContain("is not the one that belongs to");
        await server.DeleteAsync();
    }

    [Fact]
    public async Task A_cluster_that_has_vanished_is_not_replaced_by_an_empty_one()
    {
        var server = await StartAsync();
        await server.DisposeAsync();
        Directory.Delete(server.Home, recursive: true);

        (await Should.ThrowAsync<StartupException>(StartAsync)).Message.ShouldContain("restore it from a backup");
        await server.DeleteAsync();
    }

    [Fact]
    public async Task A_set_up_that_was_cut_short_is_begun_again()
    {
        var cluster = new Cluster(_directory, await ServerAccount.ChooseAsync(default));
        Directory.CreateDirectory(Path.Combine(cluster.Home, "data.new"));
        await File.WriteAllTextAsync(Path.Combine(cluster.Home, "data.new", "PG_VERSION"), "15\n");

        var server = await StartAsync();

        (await Sql.RunAsync(server.ConnectionString, "SELECT 1")).ShouldBe(1);
        await server.DeleteAsync();
    }

    [Fact]
    public async Task Databases_are_made_side_by_side()
    {
        var server = await StartAsync();

        var made = await Task.WhenAll(Enumerable.Range(1, 3).Select(n => server.CreateDatabaseAsync($"test \"{n}\"")));
        (await server.CreateDatabaseAsync("test \"1\"")).ShouldBe(made[0]);

        (await Sql.RunAsync(made[2], "SELECT current_database()::text")).ShouldBe("test \"3\"");
        await server.DeleteAsync();
    }

    public void Dispose()
    {
        _directory.Dispose();
        _place.Dispose();
    }

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(_directory, NullLogger.Instance, CancellationToken.None);

    // As a service leaves it that is killed: running, and nobody looking after it.
    private async Task<int> LeaveOrphanAsync()
    {
        var cluster = new Cluster(_directory, await ServerAccount.ChooseAsync(default));
        var binaries = (await PostgresBinaries.FindAsync(null, default)).ShouldNotBeNull();
        await cluster.PrepareAsync(binaries, default);
        var postmaster = new Postmaster(cluster, binaries);
        await postmaster.StartAsync(await cluster.MakeSocketDirectoryAsync(default), default);
        return postmaster.ProcessId.ShouldNotBeNull();
    }

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    // The sixth field of /proc/pid/stat, counted after the name in parentheses.
    private static string SessionOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
    }
}

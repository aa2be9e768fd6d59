using System.Diagnostics;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tests.Platform;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _place = new();

    [Fact]
    public void Open_creates_a_directory_for_its_owner_only()
    {
        using var directory = DataDirectory.Open(Settings.Of((DataDirectory.Setting, _place.PathOf("a/b"))));

        directory.FullPath.ShouldBe(_place.PathOf("a/b"));
        ((int)File.GetUnixFileMode(directory.FullPath)).ShouldBe(Convert.ToInt32("700", 8));
    }

    [Fact]
    public void A_second_owner_is_refused_with_the_pid_of_the_first()
    {
        using var first = DataDirectory.Open(_place.FullPath);

        var refusal = Should.Throw<StartupException>(() => DataDirectory.Open(_place.FullPath));

        refusal.Message.ShouldContain($"in use by process {Environment.ProcessId}:");
    }

    [Fact]
    public void The_lock_binds_other_processes_and_ends_with_its_owner()
    {
        using (DataDirectory.Open(_place.FullPath))
            FlockStatus().ShouldBe(1);
        FlockStatus().ShouldBe(0);
    }

    [Fact]
    public void The_node_keeps_its_id()
    {
        Guid first;
        using (var directory = DataDirectory.Open(_place.FullPath))
            first = directory.NodeId;
        using var again = DataDirectory.Open(_place.FullPath);

        again.NodeId.ShouldBe(first);
        first.Version.ShouldBe(7);
    }

    [Fact]
    public void A_place_that_is_no_directory_is_refused_in_one_sentence()
    {
        File.WriteAllText(_place.PathOf("file"), "");

        var refusal = Should.Throw<StartupException>(() => DataDirectory.Open(_place.PathOf("file")));

        refusal.Message.ShouldContain("CampaignHub__DataDirectory");
    }

    public void Dispose() => _place.Dispose();

    private int FlockStatus()
    {
        using var process = Process.Start("flock", ["--nonblock", _place.PathOf("lock"), "true"]);
        process.WaitForExit();
        return process.ExitCode;
    }
}

using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tests.Platform;

public sealed class KeyFilesTests : IDisposable
{
    private const int OwnerReadsAndWrites = 6 << 6;

    private readonly TemporaryDirectory _place = new();
    private readonly DataDirectory _directory;

    public KeyFilesTests() => _directory = DataDirectory.Open(_place.FullPath);

    [Fact]
    public void A_key_ring_is_made_once_for_its_owner_only()
    {
        var ring = new KeyRingFile(Settings.Of(), _directory);

        var text = ring.Read();

        new KeyRingFile(Settings.Of(), _directory).Read().ShouldBe(text);
        ((int)File.GetUnixFileMode(ring.Place)).ShouldBe(OwnerReadsAndWrites);
        var parts = text.TrimEnd('\n').Split(':');
        parts[0].ShouldBe("1");
        Convert.FromBase64String(parts[1]).Length.ShouldBe(32);
    }

    [Fact]
    public void A_key_ring_that_was_named_is_read_and_never_made()
    {
        var ring = new KeyRingFile(Settings.Of(("CampaignHub:KeyRing", _place.PathOf("my ring"))), _directory);

        Should.Throw<StartupException>(ring.Read).Message.ShouldContain(_place.PathOf("my ring"));
        File.WriteAllText(_place.PathOf("my ring"), "7:AAAA\n");
        ring.Read().ShouldBe("7:AAAA\n");
    }

    [Fact]
    public void An_operator_key_is_made_once_and_its_place_known()
    {
        var made = OperatorKeyFile.Open(Settings.Of(), _directory, () => "key-1");
        var again = OperatorKeyFile.Open(Settings.Of(), _directory, () => "key-2");

        again.ShouldBe(made);
        made.Key.ShouldBe("key-1");
        ((int)File.GetUnixFileMode(made.Place!)).ShouldBe(OwnerReadsAndWrites);
        made.ToString().ShouldNotContain("key-1");
    }

    [Fact]
    public void An_operator_key_from_the_settings_is_not_written_down()
    {
        var given = OperatorKeyFile.Open(Settings.Of((OperatorKeyFile.Setting, "given")), _directory, () => "made");

        given.ShouldBe(new OperatorKeyFile("given", null));
        File.Exists(_directory.PathOf("operator-key")).ShouldBeFalse();
    }

    public void Dispose()
    {
        _directory.Dispose();
        _place.Dispose();
    }
}

using CampaignHub.Core.Tenancy;
using CsCheck;

namespace CampaignHub.Core.Tests.Tenancy;

public sealed class SecretBoxTests
{
    private static readonly Guid s_tenant = new("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly Guid s_row = new("01890a5d-ac96-774b-bcce-b302099a8099");
    private static readonly byte[] s_nonce = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    private readonly KeyRing _ring = KeyRing.Create(KeyRingTests.Secret(1));

    [Fact]
    public void What_was_sealed_opens() => Gen.Byte.Array[0, 300].Sample(secret =>
        Open(Seal(secret))!.SequenceEqual(secret));

    [Fact]
    public void What_was_sealed_opens_after_a_rotation() =>
        SecretBox.Open(_ring.Rotate(KeyRingTests.Secret(2)), s_tenant, "relay.password", s_row, Seal("hush"u8)).ShouldBe("hush"u8.ToArray());

    [Fact]
    public void Any_changed_byte_and_any_length_short_of_it_opens_nothing()
    {
        var box = Seal("hush"u8);
        for (var at = 0; at < box.Length; at++)
        {
            var changed = (byte[])box.Clone();
            changed[at] ^= 0x40;
            Open(changed).ShouldBeNull($"byte {at}");
            Open(box[..at]).ShouldBeNull($"length {at}");
        }
    }

    [Fact]
    public void It_opens_for_no_other_tenant_purpose_row_or_ring()
    {
        var box = Seal("hush"u8);
        SecretBox.Open(_ring, s_row, "relay.password", s_row, box).ShouldBeNull();
        SecretBox.Open(_ring, s_tenant, "webhook.secret", s_row, box).ShouldBeNull();
        SecretBox.Open(_ring, s_tenant, "relay.password", s_tenant, box).ShouldBeNull();
        SecretBox.Open(KeyRing.Create(KeyRingTests.Secret(2)), s_tenant, "relay.password", s_row, box).ShouldBeNull();
    }

    private byte[] Seal(ReadOnlySpan<byte> secret) => SecretBox.Seal(_ring, s_tenant, "relay.password", s_row, secret, s_nonce);

    private byte[]? Open(byte[] box) => SecretBox.Open(_ring, s_tenant, "relay.password", s_row, box);
}

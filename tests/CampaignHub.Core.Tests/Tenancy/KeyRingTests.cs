using System.Security.Cryptography;
using CampaignHub.Core.Tenancy;

namespace CampaignHub.Core.Tests.Tenancy;

public sealed class KeyRingTests
{
    private static readonly Guid s_tenant = new("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly Guid s_other = new("01890a5d-ac96-774b-bcce-b302099a8058");

    [Fact]
    public void Derives_by_hkdf_of_rfc_5869_with_purpose_and_tenant_in_the_info()
    {
        byte[] info = [.. "tracking"u8, 0, .. s_tenant.ToByteArray(bigEndian: true)];
        var expected = HKDF.DeriveKey(HashAlgorithmName.SHA256, Secret(1), 42, "CampaignHub key ring 1"u8.ToArray(), info);
        KeyRing.Create(Secret(1)).Derive(s_tenant, KeyPurpose.Tracking, 42).ShouldBe(expected);
    }

    [Fact]
    public void Every_tenant_and_purpose_has_a_key_of_its_own()
    {
        var ring = KeyRing.Create(Secret(1));
        string[] purposes = [KeyPurpose.Tracking, KeyPurpose.Address, KeyPurpose.Secrets];
        var keys = purposes.SelectMany(purpose => new[] { ring.Derive(s_tenant, purpose, 32), ring.Derive(s_other, purpose, 32) });
        keys.Select(Convert.ToHexString).Distinct().Count().ShouldBe(6);
    }

    [Fact]
    public void Text_form_round_trips()
    {
        var ring = KeyRing.Create(Secret(1)).Rotate(Secret(2));
        var read = KeyRing.Parse("# kept by the operator\r\n\r\n" + ring.Format().ReplaceLineEndings("\r\n"));
        read.Names.ShouldBe(ring.Names);
        read.Derive(s_tenant, KeyPurpose.Tracking, 32).ShouldBe(ring.Derive(s_tenant, KeyPurpose.Tracking, 32));
    }

    [Fact]
    public void Rotation_keeps_fingerprint_and_address_key_and_changes_the_others()
    {
        var old = KeyRing.Create(Secret(1));
        var rotated = old.Rotate(Secret(2));
        rotated.Fingerprint.ShouldBe(old.Fingerprint);
        rotated.Derive(s_tenant, KeyPurpose.Address, 32).ShouldBe(old.Derive(s_tenant, KeyPurpose.Address, 32));
        rotated.Derive(s_tenant, KeyPurpose.Tracking, 32).ShouldNotBe(old.Derive(s_tenant, KeyPurpose.Tracking, 32));
        rotated.DeriveAll(s_tenant, KeyPurpose.Tracking, 32)[1].ShouldBe(old.Derive(s_tenant, KeyPurpose.Tracking, 32));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment")]
    [InlineData("no colon")]
    [InlineData(":AAAA")]
    [InlineData("a b:AAAA")]
    [InlineData("an-id-of-more-than-sixteen:AAAA")]
    [InlineData("a:not base64!")]
    [InlineData("a:AAAA")]
    [InlineData("a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\na:BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Bad_text_is_refused_without_showing_a_secret(string text)
    {
        var error = Should.Throw<FormatException>(() => KeyRing.Parse(text));
        error.Message.ShouldNotContain("AAAA");
    }

    [Fact]
    public void Short_and_repeated_secrets_are_refused()
    {
        Should.Throw<ArgumentException>(() => KeyRing.Create(new byte[31]));
        Should.Throw<ArgumentException>(() => KeyRing.Create(Secret(1)).Rotate(Secret(1)));
    }

    [Fact]
    public void Its_name_holds_no_secret() =>
        KeyRing.Create(Secret(1)).ToString().ShouldNotContain(Convert.ToBase64String(Secret(1)));

    internal static byte[] Secret(byte fill) => [.. Enumerable.Repeat(fill, KeyRing.SecretBytes)];
}

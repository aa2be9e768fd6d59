using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core.Tenancy;

namespace CampaignHub.Core.Tests.Tenancy;

public sealed class AddressHashTests
{
    [Fact]
    public void It_is_hmac_sha256_cut_to_16_bytes()
    {
        var key = KeyRingTests.Secret(1);
        AddressHash.Compute(key, "ünï@example.com").ShouldBe(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("ünï@example.com"))[..16]);
    }

    [Fact]
    public void Keyed_once_it_hashes_many_addresses_alike()
    {
        var key = KeyRingTests.Secret(1);
        using var keyed = AddressHash.Keyed(key);
        foreach (var address in (string[])["a@example.com", "ünï@example.com", "a@example.com"])
            AddressHash.Compute(keyed, address).ShouldBe(AddressHash.Compute(key, address));
    }

    [Fact]
    public void Another_key_or_address_gives_another_hash()
    {
        var hash = AddressHash.Compute(KeyRingTests.Secret(1), "a@example.com");
        AddressHash.Compute(KeyRingTests.Secret(2), "a@example.com").ShouldNotBe(hash);
        AddressHash.Compute(KeyRingTests.Secret(1), "b@example.com").ShouldNotBe(hash);
    }
}

using System.Security.Cryptography;
using System.Text;

namespace CampaignHub.Core.Tenancy;

/// <summary>
/// The keyed hash that stands for an address where the address itself may be erased: the ledger is unique by
/// (tenant, campaign, hash). Without the tenant's key it can't be computed, so it can't be guessed back.
/// </summary>
public static class AddressHash
{
    /// <summary>Length of the hash: 128 bits, no collision to be expected below 10¹⁸ addresses of a tenant.</summary>
    public const int Bytes = 16;

    /// <summary>HMAC-SHA256 cut to <see cref="Bytes"/>.</summary>
    /// <param name="key">The tenant's <see cref="KeyPurpose.Address"/> key.</param>
    /// <param name="emailKey">The address in the form in which addresses are compared.</param>
    public static byte[] Compute(ReadOnlySpan<byte> key, string emailKey) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(emailKey))[..Bytes];

    /// <summary>A hash that is keyed once, for many addresses.</summary>
    public static IncrementalHash Keyed(ReadOnlySpan<byte> key) => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

    /// <summary>The same as with the key itself.</summary>
    /// <param name="keyed">From <see cref="Keyed"/>; ready for the next address afterwards.</param>
    /// <param name="emailKey">The address in the form in which addresses are compared.</param>
    public static byte[] Compute(IncrementalHash keyed, string emailKey)
    {
        keyed.AppendData(Encoding.UTF8.GetBytes(emailKey));
        return keyed.GetHashAndReset()[..Bytes];
    }
}

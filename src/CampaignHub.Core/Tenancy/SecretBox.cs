using System.Security.Cryptography;
using System.Text;

namespace CampaignHub.Core.Tenancy;

/// <summary>
/// Stored secrets (relay passwords, webhook secrets, kept answers) under AES-256-GCM with the tenant's
/// <see cref="KeyPurpose.Secrets"/> key. A box opens only for the tenant, purpose and row that it was sealed for.
/// </summary>
/// <remarks>Layout: version (1) | id length (1) | key id | nonce (12) | tag (16) | ciphertext.</remarks>
public static class SecretBox
{
    /// <summary>Length of the nonce to pass in. It must be random: one key never sees a nonce twice.</summary>
    public const int NonceBytes = 12;

    private const byte Version = 1;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    /// <summary>Encrypts a secret under the ring's newest key.</summary>
    /// <param name="ring">The service's key ring.</param>
    /// <param name="tenantId">Whose secret it is.</param>
    /// <param name="purpose">What it is, such as <c>relay.password</c>.</param>
    /// <param name="rowId">The row that holds it.</param>
    /// <param name="plaintext">The secret.</param>
    /// <param name="nonce"><see cref="NonceBytes"/> random bytes.</param>
    public static byte[] Seal(KeyRing ring, Guid tenantId, string purpose, Guid rowId, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> nonce)
    {
        byte[] header = [Version, (byte)ring.NewestId.Length, .. Encoding.ASCII.GetBytes(ring.NewestId)];
        var tag = new byte[TagBytes];
        var ciphertext = new byte[plaintext.Length];
        using var aes = new AesGcm(ring.Derive(tenantId, KeyPurpose.Secrets, KeyBytes), TagBytes);
        aes.Encrypt(nonce, plaintext, ciphertext, tag, AssociatedData(header, purpose, rowId));
        return [.. header, .. nonce, .. tag, .. ciphertext];
    }

    /// <summary>Decrypts a box. Null when it is damaged, belongs elsewhere, or was sealed under a key that the ring doesn't hold.</summary>
    public static byte[]? Open(KeyRing ring, Guid tenantId, string purpose, Guid rowId, ReadOnlySpan<byte> box)
    {
        if (box.Length < 2 || box[0] != Version || box.Length < 2 + box[1] + NonceBytes + TagBytes)
            return null;
        var header = box[..(2 + box[1])];
        var key = ring.DeriveFrom(Encoding.ASCII.GetString(header[2..]), tenantId, KeyPurpose.Secrets, KeyBytes);
        return key is null ? null : Decrypt(key, box[header.Length..], AssociatedData(header, purpose, rowId));
    }

    private static byte[]? Decrypt(byte[] key, ReadOnlySpan<byte> body, byte[] associatedData)
    {
        var sealedText = body[(NonceBytes + TagBytes)..];
        var plaintext = new byte[sealedText.Length];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(body[..NonceBytes], sealedText, body.Slice(NonceBytes, TagBytes), plaintext, associatedData);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] AssociatedData(ReadOnlySpan<byte> header, string purpose, Guid rowId) =>
        [.. header, .. Encoding.UTF8.GetBytes(purpose), (byte)'/', .. rowId.ToByteArray(bigEndian: true)];
}

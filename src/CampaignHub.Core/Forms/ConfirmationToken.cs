using System.Buffers.Text;

namespace CampaignHub.Core.Forms;

/// <summary>Which confirmation a link asks for, proved by a MAC under the tenant's key: neither a database nor a guess is needed to refuse a forged one.</summary>
/// <param name="TenantId">The tenant.</param>
/// <param name="ConfirmationId">The confirmation.</param>
public sealed record ConfirmationToken(Guid TenantId, Guid ConfirmationId)
{
    /// <summary>Length of the key, in bytes.</summary>
    public const int KeyBytes = 32;

    private const int Bytes = 32;

    /// <summary>59 characters, fit for a URL path.</summary>
    public string Write(ReadOnlySpan<byte> key) =>
        MacedText.Write(key, [.. TenantId.ToByteArray(bigEndian: true), .. ConfirmationId.ToByteArray(bigEndian: true)], "confirm"u8);

    /// <summary>The token; null where we didn't make it. Never throws.</summary>
    /// <param name="text">From the URL, untrusted.</param>
    /// <param name="keys">The keys of a tenant that may not exist, newest first.</param>
    public static ConfirmationToken? Read(string text, Func<Guid, IReadOnlyList<byte[]>> keys) =>
        TenantOf(text) is { } claimed && MacedText.TryRead(text, keys(claimed), Bytes, "confirm"u8, out var body)
            ? new ConfirmationToken(claimed, new Guid(body.AsSpan(16), bigEndian: true)) : null;

    /// <summary>Whose key has to prove it: read before it is believed. Its first 24 characters are 18 bytes.</summary>
    private static Guid? TenantOf(string text) =>
        text.Length > 24 && Base64Url.IsValid(text.AsSpan(0, 24)) && Base64Url.DecodeFromChars(text.AsSpan(0, 24)) is { Length: 18 } start
            ? new Guid(start.AsSpan(0, 16), bigEndian: true) : null;
}

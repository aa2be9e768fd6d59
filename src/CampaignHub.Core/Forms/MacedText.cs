using System.Buffers.Text;
using System.Security.Cryptography;

namespace CampaignHub.Core.Forms;

/// <summary>
/// A few bytes as text for a URL or a hidden field (base64url, RFC 4648 §5, without padding), with a MAC behind them: HMAC-SHA256 cut
/// to 12 bytes. One text for one value: any other spelling is refused.
/// </summary>
internal static class MacedText
{
    private const int MacBytes = 12;

    /// <param name="key">The key of this kind of text.</param>
    /// <param name="body">What it says.</param>
    /// <param name="context">What it is about, without standing in it.</param>
    public static string Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body, ReadOnlySpan<byte> context) =>
        Base64Url.EncodeToString([.. body, .. Mac(key, body, context)]);

    /// <summary>Never throws; tries every key, also after a match, so that the time tells nothing.</summary>
    public static bool TryRead(string? text, IReadOnlyList<byte[]> keys, int length, ReadOnlySpan<byte> context, out byte[] body)
    {
        body = [];
        if (text is null || text.Length != Base64Url.GetEncodedLength(length + MacBytes) || !Base64Url.IsValid(text))
            return false;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length != length + MacBytes || Base64Url.EncodeToString(bytes) != text)
            return false;
        var matches = false;
        foreach (var key in keys)
            matches |= CryptographicOperations.FixedTimeEquals(Mac(key, bytes.AsSpan(0, length), context), bytes.AsSpan(length));
        body = matches ? bytes[..length] : [];
        return matches;
    }

    private static byte[] Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body, ReadOnlySpan<byte> context) =>
        HMACSHA256.HashData(key, [.. context, .. body])[..MacBytes];
}

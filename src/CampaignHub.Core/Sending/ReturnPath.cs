using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace CampaignHub.Core.Sending;

/// <summary>
/// The envelope sender of one delivery, by which mail that comes back says whose it is: <c>b.{token}@{bounce domain}</c>.
/// </summary>
/// <remarks>
/// The token is the delivery's id (16 bytes) and an HMAC-SHA256 of it under the tenant's key, cut to 10 bytes, in base32
/// (RFC 4648 section 6) in lower case: 42 characters, 44 before the @ of the 64 that RFC 5321 allows. Relays that change the
/// case do no harm.
/// </remarks>
public static class ReturnPath
{
    /// <summary>Length of the tenant's <c>return_path</c> key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>Characters before the @.</summary>
    public const int LocalPartLength = 44;

    private static readonly SearchValues<char> s_letters = SearchValues.Create(Alphabet + "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private const string Prefix = "b.";
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int IdBytes = 16;
    private const int MacBytes = 10;
    private const int TokenBytes = IdBytes + MacBytes;
    private const int TokenLength = (TokenBytes * 8 + 4) / 5;

    /// <summary>The address that mail about a delivery comes back to.</summary>
    public static string Make(ReadOnlySpan<byte> key, Guid deliveryId, string domain) => $"{LocalPart(key, deliveryId)}@{domain}";

    /// <summary>What stands before the @: by itself it is the token by which providers say which message they mean.</summary>
    public static string LocalPart(ReadOnlySpan<byte> key, Guid deliveryId)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        Write(key, deliveryId, token);
        return Prefix + Encode(token);
    }

    /// <summary>Whether a text has the form of a local part of ours; only <see cref="TryRead"/> says whether it is one.</summary>
    public static bool IsLike(string text) => text.Length == LocalPartLength && text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && !text.AsSpan(Prefix.Length).ContainsAnyExcept(s_letters);

    /// <summary>Whose delivery it is that came back; false for whatever wasn't made under this key.</summary>
    /// <param name="key">The tenant's key.</param>
    /// <param name="localPart">What stands before the @, in any case.</param>
    /// <param name="deliveryId">The delivery.</param>
    public static bool TryRead(ReadOnlySpan<byte> key, [NotNullWhen(true)] string? localPart, out Guid deliveryId)
    {
        deliveryId = default;
        Span<byte> token = stackalloc byte[TokenBytes];
        Span<byte> right = stackalloc byte[TokenBytes];
        if (localPart is null || localPart.Length != Prefix.Length + TokenLength || !localPart.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            || !TryDecode(localPart.AsSpan(Prefix.Length), token))
            return false;
        var id = new Guid(token[..IdBytes], bigEndian: true);
        Write(key, id, right);
        if (!CryptographicOperations.FixedTimeEquals(token, right))
            return false;
        deliveryId = id;
        return true;
    }

    private static void Write(ReadOnlySpan<byte> key, Guid deliveryId, Span<byte> token)
    {
        deliveryId.TryWriteBytes(token, bigEndian: true, out _);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, token[..IdBytes], mac);
        mac[..MacBytes].CopyTo(token[IdBytes..]);
    }

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[TokenLength];
        for (var i = 0; i < TokenLength; i++)
            text[i] = Alphabet[Bits(bytes, i * 5)];
        return new string(text);
    }

    /// <summary>Five bits from a place on; zeros behind the end.</summary>
    private static int Bits(ReadOnlySpan<byte> bytes, int from)
    {
        var pair = bytes[from / 8] << 8 | (from / 8 + 1 < bytes.Length ? bytes[from / 8 + 1] : 0);
        return pair >> (11 - from % 8) & 31;
    }

    // The bits behind the end must be zero: one text for one token.
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        bytes.Clear();
        for (var i = 0; i < TokenLength; i++)
        {
            var value = Alphabet.IndexOf(char.ToLowerInvariant(text[i]), StringComparison.Ordinal);
            if (value < 0)
                return false;
            for (var bit = 0; bit < 5; bit++)
                if ((value >> (4 - bit) & 1) == 1 && !TrySet(bytes, i * 5 + bit))
                    return false;
        }
        return true;
    }

    private static bool TrySet(Span<byte> bytes, int place)
    {
        if (place >= bytes.Length * 8)
            return false;
        bytes[place / 8] |= (byte)(128 >> place % 8);
        return true;
    }
}

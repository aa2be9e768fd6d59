using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CampaignHub.Core.Tracking;

/// <summary>What a tracking URL does.</summary>
public enum TrackingTokenKind
{
    /// <summary><c>/o/{token}.gif</c>.</summary>
    Open = 1,

    /// <summary><c>/c/{token}</c>.</summary>
    Click = 2,

    /// <summary><c>/u/{token}</c>.</summary>
    Unsubscribe = 3,

    /// <summary><c>/c/{token}</c> of the link that no person can see.</summary>
    Honeypot = 4,
}

/// <summary>
/// What a tracking URL says, proved by a MAC under the tenant's key, so that neither a database nor a guess is needed to
/// know whose hit it is.
/// </summary>
/// <remarks>
/// Layout, base64url (RFC 4648 §5) without padding: version and kind (1) | tenant (16) | delivery (16) for opens and
/// unsubscribing, or | campaign (16) | delivery (16) | link (2) | URL in UTF-8 (optional) for clicks and, as one without URL, the honeypot; then HMAC-SHA256
/// of all this cut to 12 bytes. One text for one token: any other spelling is refused. An open takes 60 characters, a
/// click without URL 84.
/// </remarks>
public sealed record TrackingToken
{
    /// <summary>Length of the tenant's <c>tracking</c> key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>The longest URL that a token carries, in UTF-16 characters.</summary>
    public const int MaxUrlLength = 2048;

    private const int Version = 1;
    private const int MacBytes = 12;
    private const int ShortBytes = 1 + 16 + 16;
    private const int ClickBytes = 1 + 16 + 16 + 16 + 2;

    /// <summary>No valid text is longer: a UTF-16 character takes at most three bytes of UTF-8.</summary>
    private static readonly int s_maxTextLength = Base64Url.GetEncodedLength(ClickBytes + 3 * MaxUrlLength + MacBytes);

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private TrackingToken(TrackingTokenKind kind, Guid tenantId, Guid deliveryId) => (Kind, TenantId, DeliveryId) = (kind, tenantId, deliveryId);

    public TrackingTokenKind Kind { get; }

    public Guid TenantId { get; }

    public Guid DeliveryId { get; }

    /// <summary>The campaign of a click or honeypot; <see cref="Guid.Empty"/> otherwise.</summary>
    public Guid CampaignId { get; private init; }

    /// <summary>Index of the link in the campaign, 0 to 65,535; 0 for other kinds.</summary>
    public ushort LinkIndex { get; private init; }

    /// <summary>The destination, where it was rendered for this person; null when the campaign's link of this index is meant.</summary>
    public string? Url { get; private init; }

    public static TrackingToken Open(Guid tenantId, Guid deliveryId) => new(TrackingTokenKind.Open, tenantId, deliveryId);

    public static TrackingToken Unsubscribe(Guid tenantId, Guid deliveryId) => new(TrackingTokenKind.Unsubscribe, tenantId, deliveryId);

    public static TrackingToken Honeypot(Guid tenantId, Guid campaignId, Guid deliveryId) => new(TrackingTokenKind.Honeypot, tenantId, deliveryId) { CampaignId = campaignId };

    /// <exception cref="ArgumentException">The URL is empty, longer than <see cref="MaxUrlLength"/>, or no valid Unicode.</exception>
    public static TrackingToken Click(Guid tenantId, Guid campaignId, Guid deliveryId, ushort linkIndex, string? url = null)
    {
        if (url is not null && (url.Length is 0 or > MaxUrlLength || !IsUnicode(url)))
            throw new ArgumentException($"A token's URL has 1 to {MaxUrlLength} characters of valid Unicode.", nameof(url));
        return new(TrackingTokenKind.Click, tenantId, deliveryId) { CampaignId = campaignId, LinkIndex = linkIndex, Url = url };
    }

    /// <summary>The token's text, fit for a URL path.</summary>
    /// <param name="key">The tenant's <c>tracking</c> key.</param>
    public string Write(ReadOnlySpan<byte> key)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        return Write(mac);
    }

    /// <summary>The same for the many tokens of one message: setting the key up costs more than a token.</summary>
    /// <param name="mac">HMAC-SHA256 under the tenant's <c>tracking</c> key, not used by anybody else meanwhile.</param>
    public string Write(IncrementalHash mac)
    {
        Span<byte> buffer = stackalloc byte[256];
        var needed = ClickBytes + MacBytes + (Url is null ? 0 : s_utf8.GetByteCount(Url));
        if (needed > buffer.Length)
            buffer = new byte[needed];
        var length = WriteBody(buffer);
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        mac.AppendData(buffer[..length]);
        mac.GetHashAndReset(full);
        full[..MacBytes].CopyTo(buffer[length..]);
        return Base64Url.EncodeToString(buffer[..(length + MacBytes)]);
    }

    /// <summary>Reads a token and checks its MAC. Never throws; a wrong MAC costs the same work as a right one.</summary>
    /// <param name="text">The text from the URL, untrusted.</param>
    /// <param name="keys">The <c>tracking</c> keys of a tenant that may not exist, newest first: derived from the key ring, they need no database.</param>
    /// <param name="token">The token; null when this is false.</param>
    public static bool TryRead(ReadOnlySpan<char> text, Func<Guid, IReadOnlyList<byte[]>> keys, out TrackingToken? token)
    {
        token = null;
        if (text.Length > s_maxTextLength)
            return false;
        Span<byte> buffer = stackalloc byte[256];
        if (text.Length > buffer.Length)
            buffer = new byte[text.Length];
        if (!TryDecode(text, buffer, out var length) || !HasShape(buffer[..length]))
            return false;
        var body = buffer[..(length - MacBytes)];
        if (!Verify(keys(IdAt(body, 1)), body, buffer.Slice(body.Length, MacBytes)))
            return false;
        token = ReadBody(body);
        return token is not null;
    }

    private static bool HasCampaign(TrackingTokenKind kind) => kind is TrackingTokenKind.Click or TrackingTokenKind.Honeypot;

    private int WriteBody(Span<byte> buffer)
    {
        buffer[0] = (byte)(Version << 4 | (int)Kind);
        TenantId.TryWriteBytes(buffer[1..], bigEndian: true, out _);
        if (!HasCampaign(Kind))
        {
            DeliveryId.TryWriteBytes(buffer[17..], bigEndian: true, out _);
            return ShortBytes;
        }
        CampaignId.TryWriteBytes(buffer[17..], bigEndian: true, out _);
        DeliveryId.TryWriteBytes(buffer[33..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[49..], LinkIndex);
        return ClickBytes + (Url is null ? 0 : s_utf8.GetBytes(Url, buffer[ClickBytes..]));
    }

    /// <summary>The MAC is right, so we wrote this body; only a URL beyond our own limits is still refused.</summary>
    private static TrackingToken? ReadBody(ReadOnlySpan<byte> body)
    {
        var kind = (TrackingTokenKind)(body[0] & 0x0F);
        if (!HasCampaign(kind))
            return new TrackingToken(kind, IdAt(body, 1), IdAt(body, 17));
        var url = body.Length == ClickBytes ? null : s_utf8.GetString(body[ClickBytes..]);
        if (url?.Length > MaxUrlLength)
            return null;
        return new TrackingToken(kind, IdAt(body, 1), IdAt(body, 33))
        {
            CampaignId = IdAt(body, 17),
            LinkIndex = BinaryPrimitives.ReadUInt16BigEndian(body[49..]),
            Url = url,
        };
    }

    /// <summary>The decoder tolerates white space, padding and stray last bits; comparing with our own spelling leaves exactly one text a token.</summary>
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> buffer, out int length)
    {
        length = 0;
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, buffer, out length))
            return false;
        Span<char> again = stackalloc char[256];
        if (text.Length > again.Length)
            again = new char[s_maxTextLength];
        return Base64Url.TryEncodeToChars(buffer[..length], again, out var written) && text.SequenceEqual(again[..written]);
    }

    private static bool HasShape(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < ShortBytes + MacBytes || bytes[0] >> 4 != Version)
            return false;
        return (TrackingTokenKind)(bytes[0] & 0x0F) switch
        {
            TrackingTokenKind.Open or TrackingTokenKind.Unsubscribe => bytes.Length == ShortBytes + MacBytes,
            TrackingTokenKind.Click => bytes.Length >= ClickBytes + MacBytes,
            TrackingTokenKind.Honeypot => bytes.Length == ClickBytes + MacBytes,
            _ => false,
        };
    }

    /// <summary>Tries every key, also after a match: the time tells nothing.</summary>
    private static bool Verify(IReadOnlyList<byte[]> keys, ReadOnlySpan<byte> body, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[MacBytes];
        var matches = false;
        foreach (var key in keys)
        {
            Mac(key, body, expected);
            matches |= CryptographicOperations.FixedTimeEquals(expected, mac);
        }
        return matches;
    }

    private static void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, body, full);
        full[..MacBytes].CopyTo(mac);
    }

    private static Guid IdAt(ReadOnlySpan<byte> bytes, int offset) => new(bytes.Slice(offset, 16), bigEndian: true);

    private static bool IsUnicode(string url)
    {
        for (var rest = url.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[used..];
        }
        return true;
    }
}

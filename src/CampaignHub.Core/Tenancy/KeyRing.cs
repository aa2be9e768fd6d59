using System.Text;

namespace CampaignHub.Core.Tenancy;

/// <summary>
/// The service's master secrets, newest first, from which every key for tokens, hashes and stored secrets is derived
/// by HKDF-SHA256 (RFC 5869) with the purpose and the tenant's id. Immutable; safe for use by many threads.
/// </summary>
/// <remarks>
/// To rotate, put a new line on top and keep the old ones: new tokens and secrets take the newest key, old ones still
/// open. The oldest key is the ring's root. It gives the ring its <see cref="Fingerprint"/> and the keys of
/// <see cref="KeyPurpose.Address"/>, so both stay as they are for as long as the ring lives.
/// </remarks>
public sealed class KeyRing
{
    /// <summary>The least length of a master secret, in bytes.</summary>
    public const int SecretBytes = 32;

    private const int MaxIdLength = 16;
    private readonly RingKey[] _keys;

    private KeyRing(RingKey[] keys) => _keys = keys;

    /// <summary>Identity of the ring, 16 hex digits of its root. Survives rotation; a database belongs to exactly one.</summary>
    public string Fingerprint => Root.Fingerprint;

    /// <summary>Id and fingerprint of each key, <c>id:fingerprint</c>, newest first: a node must hold every key that another node has used.</summary>
    public IReadOnlyList<string> Names => Array.ConvertAll(_keys, key => $"{key.Id}:{key.Fingerprint}");

    /// <summary>Id of the key that seals and signs.</summary>
    public string NewestId => _keys[0].Id;

    private RingKey Root => _keys[^1];

    /// <summary>A ring of one key.</summary>
    /// <param name="random">The secret: at least <see cref="SecretBytes"/> bytes from a cryptographic generator.</param>
    /// <exception cref="ArgumentException">The secret is too short.</exception>
    public static KeyRing Create(ReadOnlySpan<byte> random) => new([NewKey(random)]);

    /// <summary>Reads the text form, one <c>id:base64</c> line a key, newest first; blank lines and <c>#</c> comments are skipped.</summary>
    /// <exception cref="FormatException">A line isn't of this form, a secret is shorter than 32 bytes, an id is used twice, or there is no key.</exception>
    public static KeyRing Parse(string text)
    {
        var keys = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#')).Select(ParseLine).ToArray();
        if (keys.Length == 0)
            throw new FormatException("The key ring holds no key.");
        if (keys.DistinctBy(key => key.Id).Count() != keys.Length)
            throw new FormatException("The key ring holds two keys of one id.");
        return new KeyRing(keys);
    }

    /// <summary>The ring with a newer key on top.</summary>
    /// <exception cref="ArgumentException">The secret is too short, or the ring holds it already.</exception>
    public KeyRing Rotate(ReadOnlySpan<byte> random)
    {
        var key = NewKey(random);
        if (_keys.Any(held => held.Fingerprint == key.Fingerprint || held.Id == key.Id))
            throw new ArgumentException("The ring holds this key already.", nameof(random));
        return new KeyRing([key, .. _keys]);
    }

    /// <summary>The text form that <see cref="Parse"/> reads. It contains the secrets.</summary>
    public string Format() => string.Concat(_keys.Select(key => key.ToLine() + "\n"));

    /// <summary>The tenant's key with which to sign, hash or encrypt now.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="purpose">One of <see cref="KeyPurpose"/>.</param>
    /// <param name="length">Length of the key, 1 to 8,160 bytes.</param>
    public byte[] Derive(Guid tenantId, string purpose, int length) =>
        (purpose == KeyPurpose.Address ? Root : _keys[0]).Expand(Info(tenantId, purpose), length);

    /// <summary>The tenant's keys of all ages, newest first, with which to verify.</summary>
    public byte[][] DeriveAll(Guid tenantId, string purpose, int length)
    {
        var info = Info(tenantId, purpose);
        return Array.ConvertAll(_keys, key => key.Expand(info, length));
    }

    /// <summary>The tenant's key derived from the ring's key of this id; null when the ring doesn't hold it.</summary>
    public byte[]? DeriveFrom(ReadOnlySpan<char> keyId, Guid tenantId, string purpose, int length)
    {
        foreach (var key in _keys)
        {
            if (keyId.SequenceEqual(key.Id))
                return key.Expand(Info(tenantId, purpose), length);
        }
        return null;
    }

    /// <summary>Names the ring without its secrets.</summary>
    public override string ToString() => $"key ring {Fingerprint}, {_keys.Length} key(s)";

    private static RingKey NewKey(ReadOnlySpan<byte> random)
    {
        if (random.Length < SecretBytes)
            throw new ArgumentException($"A key ring's secret has at least {SecretBytes} bytes.", nameof(random));
        return new RingKey(RingKey.FingerprintOf(random)[..8], random.ToArray());
    }

    private static RingKey ParseLine(string line)
    {
        // Messages name the id at most: what follows the colon is secret.
        var colon = line.IndexOf(':');
        if (colon is < 1 or > MaxIdLength || !line[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new FormatException("A key ring's line is 'id:base64', the id 1 to 16 letters, digits, '-' or '_'.");
        var secret = new byte[line.Length];
        if (!Convert.TryFromBase64String(line[(colon + 1)..], secret, out var length))
            throw new FormatException($"The key ring's secret '{line[..colon]}' isn't base64.");
        if (length < SecretBytes)
            throw new FormatException($"The key ring's secret '{line[..colon]}' has {length} bytes; it needs at least {SecretBytes}.");
        return new RingKey(line[..colon], secret[..length]);
    }

    /// <summary>Purpose, NUL, tenant: the NUL keeps a purpose from running into the id, whatever it is called.</summary>
    private static byte[] Info(Guid tenantId, string purpose) =>
        [.. Encoding.UTF8.GetBytes(purpose), 0, .. tenantId.ToByteArray(bigEndian: true)];
}

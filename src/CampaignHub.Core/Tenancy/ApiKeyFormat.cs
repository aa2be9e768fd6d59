using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace CampaignHub.Core.Tenancy;

/// <summary>Whose door an API key opens.</summary>
public enum ApiKeyKind
{
    /// <summary>A tenant's, <c>chk_…</c>.</summary>
    Tenant,

    /// <summary>The operator's, <c>cho_…</c>.</summary>
    Operator,
}

/// <summary>A well-formed key: what it is and the prefix by which it is looked up and shown. Whether it is valid, its hash says.</summary>
public sealed record ApiKey(ApiKeyKind Kind, string Prefix);

/// <summary>
/// The shape of API keys: <c>chk_</c> + 12 base62 (lookup) + <c>_</c> + 43 base62 (256 random bits) + 2 base62 (checksum),
/// 62 characters that a double click selects as one word. The checksum tells a typo from a wrong key without the database.
/// </summary>
public static class ApiKeyFormat
{
    /// <summary>Length of every key, in characters.</summary>
    public const int Length = PrefixLength + 1 + SecretDigits + ChecksumDigits;

    /// <summary>Length of the part that is stored in clear and shown: <c>chk_</c> and 12 characters.</summary>
    public const int PrefixLength = 4 + LookupDigits;

    /// <summary>Random bytes that a new key takes: 8 for the lookup part, 32 for the secret.</summary>
    public const int RandomBytes = 8 + 32;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int LookupDigits = 12;
    private const int SecretDigits = 43;
    private const int ChecksumDigits = 2;

    /// <summary>The largest prime below 62²: every changed character and every swap of neighbours changes the checksum.</summary>
    private const int ChecksumModulus = 3833;

    private static readonly SearchValues<char> s_alphabet = SearchValues.Create(Alphabet);

    /// <summary>Makes a key, to be shown once.</summary>
    /// <param name="kind">Whose key it is.</param>
    /// <param name="random"><see cref="RandomBytes"/> bytes from a cryptographic generator.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public static string Create(ApiKeyKind kind, ReadOnlySpan<byte> random)
    {
        if (random.Length != RandomBytes)
            throw new ArgumentException($"A key takes {RandomBytes} random bytes.", nameof(random));
        var body = $"{Start(kind)}{Base62(random[..8], LookupDigits)}_{Base62(random[8..], SecretDigits)}";
        return body + Digits(Checksum(body), ChecksumDigits);
    }

    /// <summary>Reads a key's kind and prefix if its shape and checksum are right.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ApiKey? key)
    {
        key = null;
        if (text.Length != Length || KindOf(text[..4]) is not { } kind || text[PrefixLength] != '_')
            return false;
        if (text[4..PrefixLength].ContainsAnyExcept(s_alphabet) || text[(PrefixLength + 1)..].ContainsAnyExcept(s_alphabet))
            return false;
        if (!text[^ChecksumDigits..].SequenceEqual(Digits(Checksum(text[..^ChecksumDigits]), ChecksumDigits)))
            return false;
        key = new ApiKey(kind, text[..PrefixLength].ToString());
        return true;
    }

    /// <summary>SHA-256 of the whole key: what is stored. A slow hash isn't needed over 256 random bits.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Compares a presented key with a stored hash in time that doesn't depend on where they differ.</summary>
    public static bool Matches(string key, ReadOnlySpan<byte> storedHash) =>
        CryptographicOperations.FixedTimeEquals(Hash(key), storedHash);

    private static string Start(ApiKeyKind kind) => kind == ApiKeyKind.Operator ? "cho_" : "chk_";

    private static ApiKeyKind? KindOf(ReadOnlySpan<char> start) => start switch
    {
        "chk_" => ApiKeyKind.Tenant,
        "cho_" => ApiKeyKind.Operator,
        _ => null,
    };

    private static int Checksum(ReadOnlySpan<char> body)
    {
        var sum = 0;
        foreach (var c in body)
            sum = (sum * 131 + c) % ChecksumModulus;
        return sum;
    }

    private static string Base62(ReadOnlySpan<byte> bytes, int digits) =>
        Digits(new BigInteger(bytes, isUnsigned: true, isBigEndian: true), digits);

    private static string Digits(BigInteger number, int digits) => string.Create(digits, number, static (text, rest) =>
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            rest = BigInteger.DivRem(rest, Alphabet.Length, out var digit);
            text[i] = Alphabet[(int)digit];
        }
    });
}

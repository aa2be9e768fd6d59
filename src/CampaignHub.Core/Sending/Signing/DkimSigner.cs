using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core.Sending.Composing;
using NodaTime;

namespace CampaignHub.Core.Sending.Signing;

/// <summary>
/// Signs messages with a domain's keys (DKIM, RFC 6376 and RFC 8463), relaxed/relaxed. The same message and date give
/// the same bytes. Safe from many threads.
/// </summary>
public sealed class DkimSigner : IDisposable
{
    // In base64 72 characters, behind a line's blank.
    private const int SignatureLineBytes = 54;

    private readonly IReadOnlyList<(DkimKey Key, DkimPrivateKey Private)> _keys;

    /// <param name="keys">Each makes one signature, in this order: two algorithms, or old and new selector while DNS changes.</param>
    /// <exception cref="CryptographicException">A private key that is none.</exception>
    public DkimSigner(IEnumerable<DkimKey> keys) => _keys = [.. keys.Select(key => (key, DkimPrivateKey.Parse(key)))];

    /// <summary>Appends the DKIM-Signature fields and, behind them, the message.</summary>
    /// <param name="message">A whole message with CR LF line ends.</param>
    /// <param name="date">The message's own Date, for the <c>t=</c> tag: a resend is signed alike.</param>
    /// <param name="target">Takes both.</param>
    public void Sign(ReadOnlySpan<byte> message, Instant date, IBufferWriter<byte> target)
    {
        var split = message.IndexOf("\r\n\r\n"u8);
        if (split < 0)
            throw new ArgumentException("The message has no end of its header.", nameof(message));
        using var fields = new SignedFields(message[..(split + 2)]);
        var bodyHash = BodyHash(message[(split + 4)..]);
        foreach (var (key, secret) in _keys)
            WriteSignature(key, secret, fields, bodyHash, date, target);
        target.Write(message);
    }

    public void Dispose()
    {
        foreach (var (_, secret) in _keys)
            secret.Dispose();
    }

    private static string BodyHash(ReadOnlySpan<byte> body)
    {
        using var canonical = new PooledBuffer<byte>(body.Length + 2);
        RelaxedForm.WriteBody(body, canonical);
        return Convert.ToBase64String(SHA256.HashData(canonical.Written));
    }

    private static void WriteSignature(
        DkimKey key, DkimPrivateKey secret, SignedFields fields, string bodyHash, Instant date, IBufferWriter<byte> target)
    {
        var field = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            DKIM-Signature: v=1; a={secret.Algorithm}; c=relaxed/relaxed;
             d={key.Domain}; s={key.Selector}; t={date.ToUnixTimeSeconds()};
             h={fields.Names};
             bh={bodyHash};
             b=
            """).ReplaceLineEndings("\r\n"));
        target.Write(field);
        WriteValue(secret.Sign(Hash(fields, field)), target);
    }

    // RFC 6376, 3.7: the field itself comes last, its own signature empty, without a line end.
    private static byte[] Hash(SignedFields fields, ReadOnlySpan<byte> signatureField)
    {
        using var signed = new PooledBuffer<byte>(fields.Canonical.Length + signatureField.Length);
        signed.Write(fields.Canonical.Written);
        RelaxedForm.WriteField(signatureField, signed);
        return SHA256.HashData(signed.Written);
    }

    private static void WriteValue(ReadOnlySpan<byte> signature, IBufferWriter<byte> target)
    {
        while (!signature.IsEmpty)
        {
            target.Write("\r\n "u8);
            var line = signature[..Math.Min(SignatureLineBytes, signature.Length)];
            Base64.EncodeToUtf8(line, target.GetSpan(72), out _, out var written);
            target.Advance(written);
            signature = signature[line.Length..];
        }
        target.Write("\r\n"u8);
    }
}

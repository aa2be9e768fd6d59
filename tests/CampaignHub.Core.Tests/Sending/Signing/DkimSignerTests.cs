using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Core.Tests.Sending.Composing;
using CsCheck;
using MimeKit;
using MimeKit.Cryptography;
using NodaTime;
using DkimSigner = CampaignHub.Core.Sending.Signing.DkimSigner;

namespace CampaignHub.Core.Tests.Sending.Signing;

/// <summary>The second implementation is MimeKit's verifier.</summary>
public sealed class DkimSignerTests
{
    private static readonly DkimSigner Both = new([DkimKeys.RsaKey, DkimKeys.Ed25519Key]);
    private static readonly DkimSigner Fast = new([DkimKeys.Ed25519Key]);

    [Fact]
    public void A_composed_message_verifies_under_each_of_its_keys()
    {
        var signed = Sign(Both, Messages.Bytes(Messages.Content("Grüße", "<p>a  b</p>\n\n  c \t\n\n\n", "Hi\n\n\n")));
        var message = MimeMessage.Load(new MemoryStream(signed));
        Signatures(message).Select(header => Tag(header, "a")).ShouldBe(["rsa-sha256", "ed25519-sha256"]);
        Verifies(signed).ShouldBeTrue();
        foreach (var header in Signatures(message))
        {
            Tag(header, "d").ShouldBe("shop.example");
            Tag(header, "c").ShouldBe("relaxed/relaxed");
            Tag(header, "t").ShouldBe(Compose.Date.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
            Tag(header, "h").Split(':').ShouldBe(
            [
                "From", "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post",
            ]);
        }
    }

    [Fact]
    public void The_same_message_is_signed_alike() =>
        Sign(Both, Messages.Bytes(Messages.Content())).ShouldBe(Sign(new DkimSigner([DkimKeys.RsaKey, DkimKeys.Ed25519Key]), Messages.Bytes(Messages.Content())));

    [Fact]
    public void Any_message_that_we_compose_verifies() =>
        Gen.Select(Gen.String[Gen.Char, 0, 200], Gen.String[Gen.Char["\r\n\0 \t.=aü"], 0, 200], Gen.String[Gen.Char, 0, 60]).Sample((words, lines, name) =>
        {
            var envelope = Messages.Envelope with { To = new("x" + name, "a@b.example") };
            Verifies(Sign(Fast, Messages.Bytes(Messages.Content("x" + words, lines + words + "<p>", lines), envelope))).ShouldBeTrue();
        });

    [Fact]
    public void One_changed_byte_of_what_is_covered_does_not_verify()
    {
        var plain = Messages.Bytes(Messages.Content("Grüße", "<p>Grüße</p>", "Grüße"));
        var signed = Sign(Fast, plain);
        var start = signed.Length - plain.Length;
        Gen.Int[start, signed.Length - 1].Sample(at =>
        {
            var changed = (byte[])signed.Clone();
            // A letter for a letter: relaxed form forgives changed blanks, and a field's name has no case.
            changed[at] = changed[at] is (byte)'x' or (byte)'X' ? (byte)'y' : (byte)'x';
            Verifies(changed).ShouldBeFalse($"byte {at - start} of\n{Encoding.ASCII.GetString(plain)}");
        });
    }

    [Fact]
    public void A_second_From_does_not_verify()
    {
        var signed = Sign(Fast, Messages.Bytes(Messages.Content()));
        Verifies([.. "From: evil@shop.example\r\n"u8, .. signed]).ShouldBeFalse();
    }

    [Fact]
    public void What_relays_do_to_blanks_and_folds_is_forgiven()
    {
        var signed = Encoding.ASCII.GetString(Sign(Both, Messages.Bytes(Messages.Content("Two words", text: "Two words\n"))));
        var rewrapped = signed.Replace("Subject: Two words", "subject:  Two\r\n\twords  ", StringComparison.Ordinal)
            .Replace("Two words\r\n", "Two \t words  \r\n", StringComparison.Ordinal) + "\r\n\r\n";
        rewrapped.ShouldNotBe(signed);
        Verifies(Encoding.ASCII.GetBytes(rewrapped)).ShouldBeTrue();
    }

    [Fact]
    public void One_signer_serves_many_threads()
    {
        var message = Messages.Bytes(Messages.Content());
        var signed = Sign(Both, message);
        Parallel.For(0, 64, _ => Sign(Both, message).ShouldBe(signed));
    }

    [Fact]
    public void A_key_that_is_none_is_refused_and_no_key_prints_its_secret()
    {
        Should.Throw<CryptographicException>(() => new DkimSigner([DkimKeys.RsaKey with { PrivateKey = [1, 2, 3] }]));
        Should.Throw<CryptographicException>(() => new DkimSigner([DkimKeys.Ed25519Key with { PrivateKey = [1, 2, 3] }]));
        DkimKeys.Ed25519Key.ToString().ShouldBe("e2026._domainkey.shop.example (Ed25519Sha256)");
    }

    internal static byte[] Sign(DkimSigner signer, byte[] message, Instant? date = null)
    {
        using var signed = new PooledBuffer<byte>();
        signer.Sign(message, date ?? Compose.Date, signed);
        return signed.Written.ToArray();
    }

    private static bool Verifies(byte[] signed)
    {
        var message = MimeMessage.Load(new MemoryStream(signed));
        var verifier = new DkimVerifier(new DkimKeys());
        var signatures = Signatures(message);
        return signatures.Count > 0 && signatures.TrueForAll(header => verifier.Verify(FormatOptions.Default, message, header));
    }

    private static List<Header> Signatures(MimeMessage message) => [.. message.Headers.Where(header => header.Id == HeaderId.DkimSignature)];

    private static string Tag(Header signature, string name) => string.Concat(signature.Value.Split(';')
        .Select(tag => tag.Trim()).Single(tag => tag.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..]
        .Where(character => !char.IsWhiteSpace(character)));
}

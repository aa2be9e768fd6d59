using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Tests;
using CsCheck;

namespace CampaignHub.Core.Tests.Inbound.Providers;

public sealed class ProviderSignatureTests
{
    private const string Topic = "arn:aws:sns:eu-central-1:123456789012:bounces";

    [CorpusFact("04-webhooks/signature-vectors.json")]
    public void What_SendGrid_signed_is_taken_and_nothing_else()
    {
        foreach (var vector in JsonNode.Parse(File.ReadAllText(Corpora.Find("04-webhooks/signature-vectors.json")!))!["sendgrid"]!.AsArray())
        {
            var (key, stamp, signature) = (Text(vector!, "publicKey"), Text(vector!, "timestamp"), Text(vector!, "signature"));
            var body = Encoding.UTF8.GetBytes(Text(vector!, "payload"));
            ProviderSignature.IsSendgrid(key, stamp, signature, body).ShouldBeTrue();
            ProviderSignature.IsSendgrid(key, stamp + "0", signature, body).ShouldBeFalse();
            ProviderSignature.IsSendgrid(key, stamp, signature, [.. body, 32]).ShouldBeFalse();
            ProviderSignature.IsSendgrid(NewKey(), stamp, signature, body).ShouldBeFalse();
        }
    }

    [CorpusFact("04-webhooks/esp/mailgun/permanent_failure.json")]
    public void What_Mailgun_signed_is_taken_and_nothing_else()
    {
        var secret = Text(JsonNode.Parse(File.ReadAllText(Corpora.Find("04-webhooks/signature-vectors.json")!))!["mailgun"]!, "secret");
        var files = Directory.GetFiles(Corpora.Find("04-webhooks/esp/mailgun")!, "*.json");
        foreach (var file in files)
        {
            var (timestamp, token, signature) = ProviderReader.MailgunSignature(File.ReadAllBytes(file))!.Value;
            ProviderSignature.IsMailgun(secret, timestamp, token, signature).ShouldBeTrue(file);
            ProviderSignature.IsMailgun(secret + "x", timestamp, token, signature).ShouldBeFalse();
            ProviderSignature.IsMailgun(secret, timestamp, token + "0", signature).ShouldBeFalse();
            ProviderSignature.IsMailgun(secret, timestamp, token, signature[..^1]).ShouldBeFalse();
        }
        files.Length.ShouldBeGreaterThan(8);
    }

    [Theory]
    [InlineData("Bearer open sesame", true)]
    [InlineData("bearer open sesame", true)]
    [InlineData("Basic YW55Ym9keTpvcGVuIHNlc2FtZQ==", true)] // anybody:open sesame
    [InlineData("Basic b3BlbiBzZXNhbWU6", false)] // open sesame:
    [InlineData("Basic b3BlbiBzZXNhbWU=", false)] // no colon
    [InlineData("Basic %", false)]
    [InlineData("Basic ", false)]
    [InlineData("Bearer open sesam", false)]
    [InlineData("open sesame", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_password_is_taken_as_Basic_and_as_Bearer(string? authorization, bool isRight) =>
        ProviderSignature.IsPassword("open sesame", authorization).ShouldBe(isRight);

    [Theory]
    [InlineData("1", "Notification")]
    [InlineData("2", "Notification")]
    [InlineData("2", "SubscriptionConfirmation")]
    public void What_SNS_signed_is_taken_and_no_field_of_it_may_differ(string version, string type)
    {
        using var signer = new SnsSigner();
        var message = signer.Signed(type, version);
        Read(message)!.IsSignedBy(signer.Certificate).ShouldBeTrue();
        using var stranger = new SnsSigner();
        Read(message)!.IsSignedBy(stranger.Certificate).ShouldBeFalse();
        string[] signed = type == "Notification"
            ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
            : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
        foreach (var field in signed)
        {
            var changed = message.DeepClone();
            changed[field] = message[field]!.GetValue<string>() + "x";
            Read(changed)!.IsSignedBy(signer.Certificate).ShouldBeFalse(field);
            changed.AsObject().Remove(field);
            (Read(changed)?.IsSignedBy(signer.Certificate) ?? false).ShouldBeFalse(field);
        }
        message["SignatureVersion"] = "3";
        Read(message)!.IsSignedBy(signer.Certificate).ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem", true)]
    [InlineData("http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem", false)]
    [InlineData("https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem", false)] // not the topic's region
    [InlineData("https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-0123456789abcdef.pem", false)]
    [InlineData("https://sns.eu-central-1.amazonaws.com@evil.example/SimpleNotificationService-0123456789abcdef.pem", false)]
    [InlineData("https://evil.example/sns.eu-central-1.amazonaws.com/SimpleNotificationService-0.pem", false)]
    [InlineData("https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-0123456789abcdef.pem", false)]
    [InlineData("https://sns.eu-central-1.amazonaws.com/../SimpleNotificationService-0.pem?x", false)]
    [InlineData("https://sns.eu-central-1.amazonaws.com/evil.pem", false)]
    [InlineData("https://bucket.s3.eu-central-1.amazonaws.com/SimpleNotificationService-0.pem", false)]
    [InlineData("file:///etc/SimpleNotificationService-0.pem", false)]
    [InlineData("", false)]
    public void A_certificate_is_fetched_from_SNS_in_the_topics_region_alone(string url, bool isOurs)
    {
        using var signer = new SnsSigner();
        var message = signer.Signed("Notification", "2");
        message["SigningCertURL"] = url;
        (Read(message)!.CertificateUrl is not null).ShouldBe(isOurs);
    }

    [Theory]
    [InlineData("https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=y", true)]
    [InlineData("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=y", false)]
    [InlineData("https://evil.example/?Action=ConfirmSubscription", false)]
    [InlineData("http://169.254.169.254/?Action=ConfirmSubscription", false)]
    public void A_subscription_is_confirmed_at_SNS_alone(string url, bool isOurs)
    {
        using var signer = new SnsSigner();
        var message = signer.Signed("SubscriptionConfirmation", "2");
        message["SubscribeURL"] = url;
        (Read(message)!.SubscribeUrl is not null).ShouldBe(isOurs);
    }

    [Theory]
    [InlineData(Topic, true)]
    [InlineData("arn:aws-cn:sns:cn-north-1:123456789012:bounces", true)]
    [InlineData("arn:aws-us-gov:sns:us-gov-west-1:123456789012:bounces.fifo", true)]
    [InlineData(Topic + "\n", false)]
    [InlineData("arn:aws:sns:evil.example/:123456789012:bounces", false)]
    [InlineData("arn:aws:sqs:eu-central-1:123456789012:bounces", false)]
    [InlineData(null, false)]
    public void A_topic_is_told_by_its_name(string? arn, bool isTopic) => SnsMessage.IsTopic(arn).ShouldBe(isTopic);

    [Fact]
    public void Whatever_is_given_nothing_throws_and_nothing_is_taken()
    {
        var key = NewKey();
        Gen.Select(Gen.String, Gen.String, Gen.String, Gen.Byte.Array).Sample((a, b, c, body) =>
            !ProviderSignature.IsMailgun(a, b, c, a) && !ProviderSignature.IsSendgrid(a, b, c, body) && !ProviderSignature.IsSendgrid(key, a, b, body)
            && !ProviderSignature.IsSendgrid(key, a, Convert.ToBase64String(body), body) && !ProviderSignature.IsPassword(a + "x", "Basic " + b)
            && !ProviderSignature.IsPassword("x" + a, "Bearer y" + a) && !ProviderSignature.IsSendgridKey(a) && !ProviderSignature.IsSendgridKey(Convert.ToBase64String(body)));
        ProviderSignature.IsSendgridKey(key).ShouldBeTrue();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        ProviderSignature.IsSendgridKey(Convert.ToBase64String(other.ExportSubjectPublicKeyInfo())).ShouldBeFalse();
    }

    private static SnsMessage? Read(JsonNode message) => ProviderReader.Sns(JsonSerializer.SerializeToUtf8Bytes(message));

    private static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    /// <summary>Signs as SNS does, under a certificate of its own.</summary>
    private sealed class SnsSigner : IDisposable
    {
        private readonly RSA _key = RSA.Create(2048);

        public SnsSigner()
        {
            var request = new CertificateRequest("CN=sns.amazonaws.com", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            Certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        }

        public X509Certificate2 Certificate { get; }

        public JsonObject Signed(string type, string version)
        {
            var fields = new JsonObject
            {
                ["Message"] = "{}",
                ["MessageId"] = "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
                ["Subject"] = "Amazon SES",
                ["SubscribeURL"] = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription",
                ["Timestamp"] = "2026-11-02T09:00:00.000Z",
                ["Token"] = "2336412f37",
                ["TopicArn"] = Topic,
                ["Type"] = type,
            };
            foreach (var absent in (string[])(type == "Notification" ? ["SubscribeURL", "Token"] : ["Subject"]))
                fields.Remove(absent);
            var text = string.Concat(fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Key}\n{field.Value}\n")));
            var hash = version == "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
            fields["SignatureVersion"] = version;
            fields["SigningCertURL"] = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";
            fields["Signature"] = Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(text), hash, RSASignaturePadding.Pkcs1));
            return fields;
        }

        public void Dispose()
        {
            Certificate.Dispose();
            _key.Dispose();
        }
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>What Amazon SNS posts: a notification of a topic, or the question whether the topic may call.</summary>
/// <remarks>Signed by SNS's certificate, whose place the message names; the place is only believed where it is SNS's own, in the topic's region.</remarks>
public sealed partial record SnsMessage
{
    private static readonly string[] s_signedOfNotification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
    private static readonly string[] s_signedOfConfirmation = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

    private readonly byte[] _signed;
    private readonly byte[] _signature;
    private readonly string _version;

    private SnsMessage(JsonElement body, byte[] signature)
    {
        (Type, MessageId, TopicArn) = (body.Word("Type") ?? "", body.Id("MessageId") ?? "", body.Word("TopicArn") ?? "");
        Message = body.Word("Message") ?? "";
        CertificateUrl = Own(body.Word("SigningCertURL"), TopicArn, CertificatePath());
        SubscribeUrl = Own(body.Word("SubscribeURL"), TopicArn, AnyPath());
        _signature = signature;
        _version = body.Word("SignatureVersion") ?? "";
        _signed = Encoding.UTF8.GetBytes(string.Concat((Type == "Notification" ? s_signedOfNotification : s_signedOfConfirmation)
            .Select(name => body.Word(name) is { } value ? $"{name}\n{value}\n" : "")));
    }

    /// <summary><c>Notification</c>, <c>SubscriptionConfirmation</c> or <c>UnsubscribeConfirmation</c>.</summary>
    public string Type { get; }

    /// <summary>SNS's id of it, the same each time that it is posted.</summary>
    public string MessageId { get; }

    /// <summary>The topic.</summary>
    public string TopicArn { get; }

    /// <summary>What the topic was told.</summary>
    public string Message { get; }

    /// <summary>Where the certificate is; null where that is no place of SNS's.</summary>
    public Uri? CertificateUrl { get; }

    /// <summary>What to call to confirm; null where there is none at SNS.</summary>
    public Uri? SubscribeUrl { get; }

    /// <summary>The message; null where the body is none.</summary>
    public static SnsMessage? Read(JsonElement body)
    {
        Span<byte> signature = stackalloc byte[1024];
        return body.Word("Signature") is { Length: <= 1024 } text && Convert.TryFromBase64String(text, signature, out var length)
            && body.Id("MessageId") is not null ? new SnsMessage(body, signature[..length].ToArray()) : null;
    }

    /// <summary>Whether the topic's name is one: <c>arn:aws:sns:eu-central-1:123456789012:bounces</c>.</summary>
    public static bool IsTopic(string? arn) => arn is not null && Topic().IsMatch(arn);

    /// <summary>Whether this certificate's key signed it: version 1 is over SHA-1, version 2 over SHA-256.</summary>
    public bool IsSignedBy(X509Certificate2 certificate)
    {
        HashAlgorithmName? hash = _version switch { "1" => HashAlgorithmName.SHA1, "2" => HashAlgorithmName.SHA256, _ => null };
        using var key = certificate.GetRSAPublicKey();
        return hash is { } known && key is not null && key.VerifyData(_signed, _signature, known, RSASignaturePadding.Pkcs1);
    }

    private static Uri? Own(string? url, string topicArn, Regex path) =>
        Topic().Match(topicArn) is { Success: true } topic && Uri.TryCreate(url, UriKind.Absolute, out var place)
        && place.Scheme == Uri.UriSchemeHttps && place.IsDefaultPort && place.UserInfo.Length == 0 && place.Fragment.Length == 0
        && place.IdnHost == $"sns.{topic.Groups["region"].Value}.amazonaws.com{(topic.Groups["china"].Success ? ".cn" : "")}"
        && path.IsMatch(place.PathAndQuery) ? place : null;

    [GeneratedRegex(@"^arn:aws(?:(?<china>-cn)|-us-gov)?:sns:(?<region>[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2}):\d{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?\z")]
    private static partial Regex Topic();

    [GeneratedRegex(@"^/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem\z")]
    private static partial Regex CertificatePath();

    [GeneratedRegex(@"^/\?[\x21-\x7e]{1,1900}\z")]
    private static partial Regex AnyPath();
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Server.Inbound.Providers;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using NodaTime;

namespace CampaignHub.Server.Tests.Inbound.Providers;

/// <summary>A service, and the five providers, who post to it as they do; SNS is a stand-in that answers for its host.</summary>
public sealed class ProviderStandIn : IAsyncLifetime, IDisposable
{
    public const string Topic = "arn:aws:sns:eu-central-1:123456789012:bounces";

    private readonly RSA _sns = RSA.Create(2048);
    private readonly ECDsa _sendgrid = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _last;

    public TestService Service { get; private set; } = null!;

    /// <summary>What SNS was asked for.</summary>
    public ConcurrentQueue<string> AskedOfSns { get; } = new();

    /// <summary>What SNS answers to confirmations.</summary>
    public HttpStatusCode SnsAnswers { get; set; } = HttpStatusCode.OK;

    public async Task InitializeAsync()
    {
        Service = await TestService.StartAsync();
        var request = new CertificateRequest("CN=sns.amazonaws.com", _sns, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var pem = certificate.ExportCertificatePem();
        Service.Get<IOptionsMonitor<HttpClientFactoryOptions>>().Get(SnsClient.ClientName).HttpMessageHandlerBuilderActions.Add(
            builder => builder.PrimaryHandler = new SnsHost(this, pem));
    }

    public Task DisposeAsync() => Service.DisposeAsync().AsTask();

    public void Dispose()
    {
        _sns.Dispose();
        _sendgrid.Dispose();
    }

    public string SecretOf(ProviderKind kind) => kind switch
    {
        ProviderKind.Sendgrid => Convert.ToBase64String(_sendgrid.ExportSubjectPublicKeyInfo()),
        ProviderKind.Mailgun => "key-0123456789",
        _ => "open sesame, please",
    };

    public async Task<JsonObject> FeedAsync(TestTenant tenant, ProviderKind kind, string? secret = null) => await tenant.Http.PostAsync("/v1/provider-feeds", kind == ProviderKind.Ses
        ? new { name = "feed", kind = "ses", topic_arn = Topic }
        : new { name = "feed", kind = Core.WireWords.Word(kind), secret = secret ?? SecretOf(kind) }, HttpStatusCode.Created);

    /// <summary>Posts something, signed as the provider does.</summary>
    public Task<HttpResponseMessage> PostAsync(ProviderKind kind, JsonObject feed, JsonNode payload, string? secret = null) =>
        SendAsync(feed, Signed(kind, payload, secret));

    public async Task<HttpResponseMessage> SendAsync(JsonObject feed, Signed post)
    {
        using var http = Service.Anonymous;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(feed["webhook_url"]!.GetValue<string>()).PathAndQuery) { Content = new StringContent(post.Body, Encoding.UTF8, "text/plain") };
        foreach (var (name, value) in post.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }

    public Signed Signed(ProviderKind kind, JsonNode payload, string? secret = null) => kind switch
    {
        ProviderKind.Ses => new(Sns("Notification", payload.ToJsonString()).ToJsonString()),
        ProviderKind.Mailgun => MailgunSigned(payload, secret ?? SecretOf(kind)),
        ProviderKind.Sendgrid => SendgridSigned(payload),
        _ => new(payload.ToJsonString(), ("Authorization", new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("any:" + (secret ?? SecretOf(kind))))).ToString())),
    };

    /// <summary>What SNS posts, signed.</summary>
    public JsonObject Sns(string type, string message, string topic = Topic, string? subscribeUrl = null)
    {
        var fields = new JsonObject { ["Message"] = message, ["MessageId"] = Guid.CreateVersion7().ToString() };
        if (type == "SubscriptionConfirmation")
            fields["SubscribeURL"] = subscribeUrl ?? $"https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={topic}&Token=2336412f37";
        fields["Timestamp"] = "2026-11-02T09:00:00.000Z";
        if (type == "SubscriptionConfirmation")
            fields["Token"] = "2336412f37";
        fields["TopicArn"] = topic;
        fields["Type"] = type;
        var text = string.Concat(fields.Select(field => $"{field.Key}\n{field.Value}\n"));
        fields["SignatureVersion"] = "2";
        fields["SigningCertURL"] = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";
        fields["Signature"] = Convert.ToBase64String(_sns.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return fields;
    }

    /// <summary>What the provider says of a message: <c>hard</c>, <c>deferred</c>, <c>complaint</c>, <c>unsubscribe</c>, <c>delivered</c> or <c>open</c>.</summary>
    public JsonNode Payload(ProviderKind kind, string what, Message about)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"event-{Interlocked.Increment(ref _last)}");
        return kind switch
        {
            ProviderKind.Ses => SesPayload(what, about, id),
            ProviderKind.Mailgun => MailgunPayload(what, about, id),
            ProviderKind.Postmark => PostmarkPayload(what, about),
            ProviderKind.Sendgrid => SendgridPayload(what, about, id),
            _ => BrevoPayload(what, about),
        };
    }

    private static JsonObject SesPayload(string what, Message about, string id)
    {
        JsonArray people = [new JsonObject { ["emailAddress"] = about.Email, ["status"] = "5.1.1", ["diagnosticCode"] = "smtp; 550 5.1.1 user unknown" }];
        JsonArray headers = [];
        if (about.Token is not null)
            headers.Add(new JsonObject { ["name"] = "X-CampaignHub-Delivery", ["value"] = about.Token });
        if (about.MessageId is not null)
            headers.Add(new JsonObject { ["name"] = "Message-ID", ["value"] = $"<{about.MessageId}>" });
        var notice = new JsonObject
        {
            ["mail"] = new JsonObject { ["messageId"] = about.ProviderId, ["source"] = about.ReturnPath, ["destination"] = new JsonArray(about.Email), ["headers"] = headers },
        };
        (string Type, string Member, JsonObject Body) part = what switch
        {
            "hard" => ("Bounce", "bounce", new() { ["feedbackId"] = id, ["bounceType"] = "Permanent", ["bounceSubType"] = "General", ["bouncedRecipients"] = people }),
            "deferred" => ("DeliveryDelay", "deliveryDelay", new() { ["delayedRecipients"] = people }),
            "complaint" => ("Complaint", "complaint", new() { ["feedbackId"] = id, ["complainedRecipients"] = people }),
            "unsubscribe" => ("Subscription", "subscription", new() { ["newTopicPreferences"] = new JsonObject { ["unsubscribeAll"] = true } }),
            "open" => ("Open", "open", []),
            _ => ("Delivery", "delivery", []),
        };
        notice["eventType"] = part.Type;
        notice[part.Member] = part.Body;
        return notice;
    }

    private static JsonObject MailgunPayload(string what, Message about, string id)
    {
        var data = new JsonObject
        {
            ["id"] = id,
            ["recipient"] = about.Email,
            ["event"] = what switch { "hard" or "deferred" => "failed", "complaint" => "complained", "unsubscribe" => "unsubscribed", "open" => "opened", _ => "delivered" },
            ["severity"] = what == "deferred" ? "temporary" : "permanent",
            ["reason"] = "bounce",
            ["delivery-status"] = new JsonObject { ["code"] = 550, ["message"] = "5.1.1 user unknown" },
            ["envelope"] = new JsonObject { ["sender"] = about.ReturnPath },
            ["message"] = new JsonObject { ["headers"] = new JsonObject { ["message-id"] = about.MessageId ?? about.ProviderId } },
            ["user-variables"] = new JsonObject { ["campaignhub"] = about.Token },
        };
        return new JsonObject { ["event-data"] = data };
    }

    private JsonObject PostmarkPayload(string what, Message about) => new()
    {
        ["RecordType"] = what switch { "hard" or "deferred" => "Bounce", "complaint" => "SpamComplaint", "unsubscribe" => "SubscriptionChange", "open" => "Open", _ => "Delivery" },
        ["Type"] = what == "deferred" ? "Transient" : "HardBounce",
        ["ID"] = Interlocked.Increment(ref _last),
        ["MessageID"] = about.ProviderId,
        ["Email"] = about.Email,
        ["Recipient"] = about.Email,
        ["Details"] = "smtp;550 5.1.1 user unknown",
        ["SuppressSending"] = true,
        ["SuppressionReason"] = "ManualSuppression",
        ["Metadata"] = new JsonObject { ["campaignhub"] = about.Token },
    };

    private static JsonArray SendgridPayload(string what, Message about, string id) =>
    [
        new JsonObject
        {
            ["sg_event_id"] = id,
            ["event"] = what switch { "hard" => "bounce", "complaint" => "spamreport", _ => what },
            ["type"] = "bounce",
            ["email"] = about.Email,
            ["status"] = "5.1.1",
            ["reason"] = "550 5.1.1 user unknown",
            ["sg_message_id"] = $"{about.ProviderId}.filterdrecv-1.0",
            ["smtp-id"] = $"<{about.MessageId ?? "other@sendgrid.example"}>",
            ["campaignhub"] = about.Token,
        },
    ];

    private JsonObject BrevoPayload(string what, Message about) => new()
    {
        ["event"] = what switch { "hard" => "hard_bounce", "complaint" => "spam", "unsubscribe" => "unsubscribed", "open" => "unique_opened", _ => what },
        ["email"] = about.Email,
        ["ts_event"] = 1_604_933_654 + Interlocked.Increment(ref _last),
        ["message-id"] = $"<{about.MessageId ?? about.ProviderId}>",
        ["reason"] = "550 5.1.1 user unknown",
        ["X-Mailin-custom"] = about.Token is null ? null : $"campaignhub:{about.Token}",
    };

    private Signed MailgunSigned(JsonNode payload, string secret)
    {
        var timestamp = Service.Get<IClock>().GetCurrentInstant().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return MailgunSigned(payload, secret, timestamp, Guid.CreateVersion7().ToString("N"));
    }

    /// <summary>Mailgun's signature, which doesn't cover the payload.</summary>
    public static Signed MailgunSigned(JsonNode payload, string secret, string timestamp, string token)
    {
        var body = payload.DeepClone().AsObject();
        body["signature"] = new JsonObject
        {
            ["timestamp"] = timestamp,
            ["token"] = token,
            ["signature"] = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(timestamp + token))),
        };
        return new(body.ToJsonString());
    }

    private Signed SendgridSigned(JsonNode payload)
    {
        var (body, stamp) = (payload.ToJsonString() + "\r\n", "1600112502");
        var signature = _sendgrid.SignData(Encoding.UTF8.GetBytes(stamp + body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new(body, ("X-Twilio-Email-Event-Webhook-Timestamp", stamp), ("X-Twilio-Email-Event-Webhook-Signature", Convert.ToBase64String(signature)));
    }

    private sealed class SnsHost(ProviderStandIn all, string pem) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var url = request.RequestUri!.AbsoluteUri;
            all.AskedOfSns.Enqueue(url);
            return Task.FromResult(url.EndsWith(".pem", StringComparison.Ordinal)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(pem) }
                : new HttpResponseMessage(all.SnsAnswers) { Content = new StringContent("<ConfirmSubscriptionResponse/>") });
        }
    }
}

/// <summary>What a provider may know of a message.</summary>
/// <param name="Email">Whom it was to.</param>
public sealed record Message(string Email)
{
    public string? Token { get; init; }
    public string? ReturnPath { get; init; }
    public string? MessageId { get; init; }

    /// <summary>The provider's own.</summary>
    public string ProviderId { get; init; } = $"0107018f{Guid.CreateVersion7():N}";
}

/// <summary>A post with what signs it.</summary>
public sealed record Signed(string Body, params (string Name, string Value)[] Headers);

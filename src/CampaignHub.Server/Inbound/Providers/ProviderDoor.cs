using System.Globalization;
using System.Text;
using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Http.Limits;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Lets in what a provider posts, by its signature; it is kept before it is answered, and worked off later.</summary>
internal sealed class ProviderDoor(Database database, KeyRing ring, SnsClient sns, ProviderMetrics metrics, RateLimits limits, WorkSignal signal, IClock clock)
{
    /// <summary>How old a signature of Mailgun's may be: Mailgun repeats a post for eight hours.</summary>
    public static readonly Duration MailgunPatience = Duration.FromHours(24);

    private static readonly Duration s_skew = Duration.FromHours(1);
    private static readonly ProviderPost s_nothing = new([], 0);

    /// <summary>Null once the post is kept, or was before; else why it isn't.</summary>
    public async Task<Problem?> TakeAsync(string kind, Guid feedId, HttpContext http, CancellationToken ct)
    {
        var found = await database.LookUpAsync<Guid>("SELECT tenants_of_provider_feed(@kind, @feedId)", new { kind, feedId }, ct);
        if (found.Count == 0 || await FindAsync(found[0], feedId, ct) is not { } feed)
            return Problems.NotFound("provider feed");
        var body = (await RequestBody.ReadAsync(http, ct)).Bytes;
        var admitted = feed.Provider == ProviderKind.Ses ? await AdmitSnsAsync(feed, body, ct) : Admit(found[0], feed, http.Request.Headers, body);
        if (admitted is null)
        {
            metrics.Refused(kind);
            await limits.NoteWrongSignatureAsync(http);
            return Problems.WrongSignature();
        }
        if (admitted.Post is null)
            return Problems.Malformed("The body is no JSON of the shape that this provider posts.");
        await KeepAsync(found[0], feed, admitted, admitted.Post, ct);
        return null;
    }

    private async Task<ProviderFeed?> FindAsync(Guid tenantId, Guid feedId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        return await ProviderFeedStore.FindAsync(transaction, feedId);
    }

    private async Task<Admitted?> AdmitSnsAsync(ProviderFeed feed, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        // The topic is looked at first: a stranger's message has nothing fetched.
        if (ProviderReader.Sns(body) is not { CertificateUrl: { } place } message || message.TopicArn != feed.TopicArn)
            return null;
        var certificate = await sns.CertificateAsync(place, ct) ?? throw new ProblemException(Problems.Unavailable() with { Detail = "SNS's certificate can't be fetched at the moment." });
        if (!message.IsSignedBy(certificate))
            return null;
        var identity = Encoding.UTF8.GetBytes(message.MessageId);
        return message.Type == "Notification"
            // SES's own greeting to a topic is no JSON.
            ? new(identity, ProviderReader.Read(ProviderKind.Ses, Encoding.UTF8.GetBytes(message.Message), message.MessageId) ?? s_nothing)
            : new(identity, s_nothing) { ConfirmAt = message.Type == "SubscriptionConfirmation" ? message.SubscribeUrl : null };
    }

    private Admitted? Admit(Guid tenantId, ProviderFeed feed, IHeaderDictionary headers, ReadOnlyMemory<byte> body)
    {
        var now = clock.GetCurrentInstant();
        var secrets = ProviderFeedStore.Secrets(ring, tenantId, feed, now);
        var identity = feed.Provider switch
        {
            ProviderKind.Mailgun => MailgunIdentity(secrets, body, now),
            ProviderKind.Sendgrid => secrets.Any(key => ProviderSignature.IsSendgrid(
                key, headers["X-Twilio-Email-Event-Webhook-Timestamp"].ToString(), headers["X-Twilio-Email-Event-Webhook-Signature"].ToString(), body.Span)) ? body.ToArray() : null,
            _ => secrets.Any(secret => ProviderSignature.IsPassword(secret, headers.Authorization.ToString())) ? body.ToArray() : null,
        };
        return identity is null ? null : new(identity, ProviderReader.Read(feed.Provider, body));
    }

    /// <summary>
    /// What Mailgun signed, which isn't the body: whoever saw one could put another body under it. So it counts once, and only
    /// for as long as it is remembered.
    /// </summary>
    private static byte[]? MailgunIdentity(IReadOnlyList<string> secrets, ReadOnlyMemory<byte> body, Instant now)
    {
        if (ProviderReader.MailgunSignature(body) is not var (timestamp, token, signature)
            || !secrets.Any(secret => ProviderSignature.IsMailgun(secret, timestamp, token, signature))
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > Instant.MaxValue.ToUnixTimeSeconds())
            return null;
        var at = Instant.FromUnixTimeSeconds(seconds);
        return at > now - MailgunPatience && at < now + s_skew ? Encoding.UTF8.GetBytes(timestamp + token) : null;
    }

    private async Task KeepAsync(Guid tenantId, ProviderFeed feed, Admitted admitted, ProviderPost post, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        await using (var transaction = await database.BeginAsync(tenantId, ct))
        {
            if (!await ProviderEventStore.KeepAsync(transaction, feed, admitted.Identity, post.Events, now))
                return;
            await ProviderFeedStore.NoteReceivedAsync(transaction, feed.FeedId, now);
            if (admitted.ConfirmAt is { } place)
                await ProviderFeedStore.AskToConfirmAsync(transaction, feed.FeedId, place.AbsoluteUri);
            await transaction.CommitAsync();
        }
        metrics.Passed(feed.Kind, post.Passed);
        signal.Wake(WorkKind.ProviderEvents);
    }

    /// <param name="Identity">What tells this post from every other of the feed's.</param>
    /// <param name="Post">What it says; null where it can't be read.</param>
    private sealed record Admitted(byte[] Identity, ProviderPost? Post)
    {
        /// <summary>Where SNS is to be told that the topic may post; null: it doesn't ask.</summary>
        public Uri? ConfirmAt { get; init; }
    }
}

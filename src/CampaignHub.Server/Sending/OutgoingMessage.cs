using System.Security.Cryptography;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Liquid;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>One delivery's message in bytes, as it goes over the wire; the same bytes again for the same delivery and date.</summary>
internal sealed record OutgoingMessage(string MessageId, string EnvelopeFrom, string To, Instant Date, byte[] Source)
{
    /// <summary>SHA-256 of the bytes: a resend must equal what was sent.</summary>
    public byte[] Hash { get; } = SHA256.HashData(Source);

    /// <summary>Composes it, or says why the author's Liquid fails for this person.</summary>
    public static (OutgoingMessage? Message, LiquidFailure? Failure) Compose(
        LaunchedCampaign campaign, ClaimedDelivery delivery, Relay relay, DeliveryLinks links, Instant date)
    {
        var input = new MessageInput(Recipient(delivery), campaign.Content.CampaignName, links, date);
        if (!campaign.Prepared.TryRender(input, out var rendered, out var failure))
            return (null, failure);
        var envelope = new MessageEnvelope
        {
            DeliveryId = delivery.DeliveryId,
            From = new MailAddress(campaign.Content.FromName, campaign.Content.FromEmail),
            To = new MailAddress(FullName(delivery), delivery.Email!),
            ReplyTo = campaign.Content.ReplyTo is { } replyTo ? new MailAddress(null, replyTo) : null,
            Date = date,
            ExtraHeaders = relay.ExtraHeaders,
        };
        using var message = MessageComposer.Compose(envelope, rendered);
        using var bytes = new MemoryStream();
        message.WriteTo(MessageComposer.Format, bytes);
        return (new OutgoingMessage(envelope.MessageId, relay.EnvelopeFrom(campaign.Content.FromEmail), delivery.Email!, date, bytes.ToArray()), null);
    }

    private static string? FullName(ClaimedDelivery delivery) =>
        string.Join(' ', new[] { delivery.FirstName, delivery.LastName }.Where(n => !string.IsNullOrWhiteSpace(n))) is { Length: > 0 } name ? name : null;

    private static TemplateRecipient Recipient(ClaimedDelivery delivery) => new(delivery.Email!)
    {
        FirstName = delivery.FirstName,
        LastName = delivery.LastName,
        Locale = delivery.Locale,
        Country = delivery.Country,
        Region = delivery.Region,
        Phone = delivery.Phone,
        TimeZone = delivery.TimeZone,
        AttributesJson = delivery.Attributes,
    };
}

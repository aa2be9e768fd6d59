using System.Security.Cryptography;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Liquid;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// One delivery's message in bytes, as it goes over the wire; the same bytes again for the same delivery, date and
/// keys. They are lent: dispose of it when the relay has answered.
/// </summary>
internal sealed class OutgoingMessage : IDisposable
{
    // Most campaigns' messages fit; a larger one grows.
    private const int FirstRoom = 16 * 1024;

    private readonly PooledBuffer<byte> _bytes;

    private OutgoingMessage(PooledBuffer<byte> bytes)
    {
        _bytes = bytes;
        Hash = SHA256.HashData(bytes.Written);
    }

    public required string MessageId { get; init; }
    public required string EnvelopeFrom { get; init; }
    public required string To { get; init; }
    public required Instant Date { get; init; }

    public ReadOnlyMemory<byte> Source => _bytes.WrittenMemory;

    /// <summary>SHA-256 of the bytes: a resend must equal what was sent.</summary>
    public byte[] Hash { get; }

    /// <summary>Composes it and signs it, where there is a signer; or says why the author's Liquid fails for this person.</summary>
    public static (OutgoingMessage? Message, LiquidFailure? Failure) Compose(
        LaunchedCampaign campaign, ClaimedDelivery delivery, Relay relay, EnvelopeSenders senders, DeliveryLinks links, Instant date, DkimSigner? signer)
    {
        var bytes = new PooledBuffer<byte>(FirstRoom);
        if (Write(campaign, delivery, senders.HeadersOf(relay, delivery.DeliveryId), links, date, signer, bytes) is { } failure)
        {
            bytes.Dispose();
            return (null, failure);
        }
        return (new OutgoingMessage(bytes)
        {
            MessageId = campaign.Message.MessageIdOf(delivery.DeliveryId),
            EnvelopeFrom = senders.Of(relay, campaign.Content.FromEmail, delivery.DeliveryId),
            To = delivery.Email!,
            Date = date,
        }, null);
    }

    public void Dispose() => _bytes.Dispose();

    private static LiquidFailure? Write(
        LaunchedCampaign campaign, ClaimedDelivery delivery, IReadOnlyList<ExtraHeader> headers, DeliveryLinks links, Instant date, DkimSigner? signer, PooledBuffer<byte> bytes)
    {
        var input = new MessageInput(Recipient(delivery), campaign.Content.CampaignName, links, date);
        var envelope = new MessageEnvelope
        {
            DeliveryId = delivery.DeliveryId,
            To = new MailAddress(FullName(delivery), delivery.Email!),
            Date = date,
            ExtraHeaders = headers,
        };
        var message = delivery.Tracking ? campaign.Message : campaign.Untracked.Value;
        if (signer is null)
            return message.TryWrite(input, envelope, bytes, out var unsent) ? null : unsent;
        using var unsigned = new PooledBuffer<byte>(FirstRoom);
        if (!message.TryWrite(input, envelope, unsigned, out var failure))
            return failure;
        signer.Sign(unsigned.Written, date, bytes);
        return null;
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

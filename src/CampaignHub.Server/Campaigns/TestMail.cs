using System.Globalization;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>A test ready to be sent.</summary>
internal sealed record TestMessage(Campaign Campaign, Relay Relay, EnvelopeSenders Senders, DkimSigner? Signer, RenderedContent Content, IReadOnlyList<EmailAddress> To, Instant At);

/// <summary>Hands tests to a relay. They have no delivery, no token and no event.</summary>
public sealed class TestMail(RelayPools pools)
{
    /// <summary>For each address, in real time: the caller waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal async Task<IReadOnlyList<TestSent>> SendAsync(TestMessage message, CancellationToken ct)
    {
        List<TestSent> sent = [];
        foreach (var address in message.To)
            sent.Add(await SendAsync(message, address, ct));
        return sent;
    }

    private async Task<TestSent> SendAsync(TestMessage message, EmailAddress to, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var bytes = Compose(message, to);
        try
        {
            await using var rental = await pools.Of(message.Relay).RentAsync(patience.Token);
            var result = await rental.SendAsync(
                bytes.WrittenMemory, message.Senders.Of(message.Relay, message.Campaign.FromEmail!, Guid.Empty), to.Address, SendingLeave.Always, patience.Token);
            return new TestSent(to.Address, result.Accepted, Said(result));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new TestSent(to.Address, false, $"The relay did not answer within {Patience.TotalSeconds:0} seconds.");
        }
    }

    private static PooledBuffer<byte> Compose(TestMessage message, EmailAddress to)
    {
        var bytes = new PooledBuffer<byte>();
        Writer(message.Campaign).Write(Envelope(message, to), message.Content with { Subject = $"[Test] {message.Content.Subject}" }, bytes);
        if (message.Signer is not { } signer)
            return bytes;
        using (bytes)
        {
            var signed = new PooledBuffer<byte>();
            signer.Sign(bytes.Written, message.At, signed);
            return signed;
        }
    }

    private static MessageWriter Writer(Campaign campaign) => new(
        new MailAddress(campaign.FromName, campaign.FromEmail!), campaign.ReplyTo is { } replyTo ? new MailAddress(null, replyTo) : null);

    private static MessageEnvelope Envelope(TestMessage message, EmailAddress to) => new()
    {
        DeliveryId = Guid.CreateVersion7(),
        To = new MailAddress(null, to.Address),
        Date = message.At,
        ExtraHeaders = message.Senders.HeadersOf(message.Relay, Guid.Empty),
    };

    private static string Said(SmtpResult result) =>
        result.Code is { } code ? string.Create(CultureInfo.InvariantCulture, $"{code} {result.Text}") : result.Text;
}

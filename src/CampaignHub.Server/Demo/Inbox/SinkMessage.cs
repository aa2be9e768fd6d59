using NodaTime;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>Sender and recipients as the SMTP dialogue named them.</summary>
public sealed record SinkEnvelope(string From, IReadOnlyList<string> Recipients);

/// <summary>One accepted message.</summary>
public sealed class SinkMessage
{
    private readonly Func<byte[]> source;

    internal SinkMessage(SinkEnvelope envelope, string? messageId, Instant receivedAt, Func<byte[]> source)
    {
        (From, Recipients, MessageId, ReceivedAt, this.source) =
            (envelope.From, envelope.Recipients, messageId, receivedAt, source);
    }

    /// <summary>Without angle brackets; null when the message has none.</summary>
    public string? MessageId { get; }

    public string From { get; }

    public IReadOnlyList<string> Recipients { get; }

    /// <summary>Business time at the final dot.</summary>
    public Instant ReceivedAt { get; }

    /// <summary>The bytes as sent, dots unstuffed; read from the spool where there is one.</summary>
    public byte[] ReadSource() => source();

    /// <summary>The message, parsed.</summary>
    public MimeKit.MimeMessage Parse() => MimeKit.MimeMessage.Load(new MemoryStream(source(), writable: false));
}

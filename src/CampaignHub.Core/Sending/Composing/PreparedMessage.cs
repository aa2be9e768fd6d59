using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using CampaignHub.Core.Sending.Composing.Liquid;
using CampaignHub.Core.Sending.Composing.Mime;

namespace CampaignHub.Core.Sending.Composing;

/// <summary>A campaign's message, prepared once: content parsed, links placed, sender's header made. Safe from many threads.</summary>
/// <param name="content">The campaign's.</param>
/// <param name="writer">The sender's.</param>
public sealed class PreparedMessage(PreparedContent content, MessageWriter writer)
{
    /// <inheritdoc cref="MessageWriter.MessageIdOf"/>
    public string MessageIdOf(Guid deliveryId) => writer.MessageIdOf(deliveryId);

    /// <summary>Appends one person's message in bytes; false, with nothing appended, where the author's Liquid fails for this person.</summary>
    /// <inheritdoc cref="MessageWriter.Write(MessageEnvelope, RenderedContent, IBufferWriter{byte})" path="/exception"/>
    public bool TryWrite(
        MessageInput input, MessageEnvelope envelope, IBufferWriter<byte> target, [NotNullWhen(false)] out LiquidFailure? failure)
    {
        using var parts = new RenderedParts();
        if (!content.TryRender(input, parts, out failure))
            return false;
        writer.Write(envelope, parts, target);
        return true;
    }
}

using System.Text.Json;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>
/// Reads what providers post. The provider's own opens and clicks have no meaning here: ours are the ones that count. Nor has
/// anything of a kind that nobody knew when this was written.
/// </summary>
/// <remarks>Never throws, whatever is given.</remarks>
public static class ProviderReader
{
    /// <summary>What was posted; null where it is no JSON of the shape that the provider posts.</summary>
    /// <param name="kind">The provider.</param>
    /// <param name="body">The body; of SES, what SNS was told.</param>
    /// <param name="id">SNS's id of it.</param>
    public static ProviderPost? Read(ProviderKind kind, ReadOnlyMemory<byte> body, string id = "")
    {
        using var document = JsonFields.Parse(body);
        try
        {
            return document is null ? null : Read(kind, document.RootElement, id);
        }
        catch (InvalidOperationException)
        {
            return null; // A name with half a surrogate pair in it.
        }
    }

    /// <summary>The three values of Mailgun's signature; null where the body hasn't got them.</summary>
    public static (string Timestamp, string Token, string Signature)? MailgunSignature(ReadOnlyMemory<byte> body)
    {
        using var document = JsonFields.Parse(body);
        return document?.RootElement is { } root && root.Id("signature", "timestamp") is { } timestamp && root.Id("signature", "token") is { } token
            && root.Id("signature", "signature") is { } signature ? (timestamp, token, signature) : null;
    }

    /// <summary>SNS's message; null where the body is none.</summary>
    public static SnsMessage? Sns(ReadOnlyMemory<byte> body)
    {
        using var document = JsonFields.Parse(body);
        return document is null ? null : SnsMessage.Read(document.RootElement);
    }

    private static ProviderPost? Read(ProviderKind kind, JsonElement root, string id) => kind switch
    {
        ProviderKind.Ses => Post([root], notice => SesEvents.Read(notice, id)),
        ProviderKind.Mailgun => root.Member("event-data") is { } data ? Post([data], MailgunEvents.Read) : null,
        ProviderKind.Postmark => Post([root], PostmarkEvents.Read),
        ProviderKind.Sendgrid => root.ValueKind == JsonValueKind.Array ? Post(root.EnumerateArray(), SendgridEvents.Read) : null,
        _ => Post(root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : [root], BrevoEvents.Read),
    };

    private static ProviderPost Post(IEnumerable<JsonElement> items, Func<JsonElement, ProviderEvent?> read)
    {
        var all = items.Select(read).ToList();
        var events = all.OfType<ProviderEvent>().ToList();
        return new ProviderPost(events, all.Count - events.Count);
    }
}

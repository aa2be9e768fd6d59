namespace CampaignHub.Core.Inbound.Providers;

/// <summary>What a provider says of one message.</summary>
/// <param name="Finding">What it means.</param>
/// <param name="Id">By which the provider's own record of it is known again.</param>
public sealed record ProviderEvent(InboundFinding Finding, string Id)
{
    /// <summary>The name under which a message's token travels in a provider's metadata.</summary>
    public const string TokenName = "campaignhub";

    /// <summary>The header in which it travels where the provider hands headers back.</summary>
    public const string TokenHeader = "X-CampaignHub-Delivery";

    /// <summary>What may be our token, from the message's headers or metadata. Only its MAC says whether it is.</summary>
    public string? Token { get; init; }

    /// <summary>What may be a return path's local part, from the envelope that the provider was given.</summary>
    public string? ReturnPath { get; init; }

    /// <summary>The provider's own id of the message, as its SMTP reply may have named it; at most 200 characters.</summary>
    public string? ProviderMessageId { get; init; }

    /// <summary>What may be our Message-ID, without brackets.</summary>
    public string? MessageId { get; init; }
}

/// <summary>What a provider posted in one go.</summary>
/// <param name="Events">What has a meaning here.</param>
/// <param name="Passed">How many others there were: deliveries, the provider's own opens and clicks, kinds that nobody knows.</param>
public sealed record ProviderPost(IReadOnlyList<ProviderEvent> Events, int Passed);

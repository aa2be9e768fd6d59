using NodaTime;

namespace CampaignHub.Core.Webhooks;

/// <summary>What follows from a call.</summary>
public enum WebhookVerdict
{
    /// <summary>It was taken.</summary>
    Delivered,

    /// <summary>It was not; it is tried again while there are tries left.</summary>
    Failed,

    /// <summary>Nobody is there any more: the endpoint is disabled.</summary>
    Gone,
}

/// <summary>How an endpoint answered a call, or that it didn't.</summary>
/// <param name="Status">The HTTP status; null where there was none.</param>
/// <param name="Fault">What went wrong, in words; null where it was taken.</param>
/// <param name="PutOff">What its <c>Retry-After</c> asked for.</param>
public sealed record WebhookAnswer(int? Status, string? Fault, Duration? PutOff = null)
{
    /// <summary>Only 2xx is a success. A redirect is a failure: what it leads to was never agreed on. 410 means never again.</summary>
    public WebhookVerdict Verdict => Status switch
    {
        >= 200 and < 300 => WebhookVerdict.Delivered,
        410 => WebhookVerdict.Gone,
        _ => WebhookVerdict.Failed,
    };
}

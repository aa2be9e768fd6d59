using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using CampaignHub.Server.Platform.Outbound;
using FluentValidation;

namespace CampaignHub.Server.Webhooks;

/// <summary>Fields of a webhook; an absent one stays as it is, in a new webhook at its default.</summary>
public class WebhookChange
{
    /// <summary>Where it is called: https, at most 2,000 characters, without user name or fragment; in Development http too. One that leads into a private network is refused unless the operator allows it.</summary>
    /// <example>https://shop.example/hooks/mail</example>
    public Optional<string> Url { get; set; }

    /// <summary>The types of the events that it is called with; empty (the default): all.</summary>
    /// <example>["delivery.bounced", "delivery.clicked"]</example>
    public Optional<string[]> Events { get; set; }

    /// <summary>
    /// How many events one call may carry, 1 to 100; 1 unless given. Above 1 every call is of the type <c>events.batch</c>, also of a
    /// single event, and its <c>data</c> is an array of what calls of one event would carry.
    /// </summary>
    public Optional<int> MaxBatch { get; set; }

    /// <summary>Nothing is sent while it is false; what happens meanwhile is sent once it is true again. True unless given.</summary>
    public Optional<bool> Enabled { get; set; }

    internal Webhook ApplyTo(Webhook webhook) => webhook with
    {
        Url = Url.Or(webhook.Url)!.Trim(),
        Events = [.. (Events.IsSet ? Events.Value ?? [] : webhook.Events).Distinct()],
        MaxBatch = MaxBatch.Or(webhook.MaxBatch),
        Enabled = Enabled.Or(webhook.Enabled),
        // Whoever enables it has mended it: failures are counted anew.
        DisabledReason = Enabled.IsSet && Enabled.Value ? null : webhook.DisabledReason,
        FailingSince = Enabled.IsSet && Enabled.Value ? null : webhook.FailingSince,
    };

    internal sealed class Rules : AbstractValidator<WebhookChange>
    {
        public Rules()
        {
            RuleFor(w => w.Url.Value).NotEmpty().MaximumLength(2_000).When(w => w.Url.IsSet);
            RuleFor(w => w.MaxBatch.Value).InclusiveBetween(1, 100).When(w => w.MaxBatch.IsSet);
            RuleForEach(w => w.Events.Value).NotNull().OneOf(EventTypes.All).When(w => w.Events.Value is not null);
        }
    }
}

/// <summary>A webhook to make.</summary>
public sealed class WebhookDraft : WebhookChange
{
    internal sealed class DraftRules : AbstractValidator<WebhookDraft>
    {
        public DraftRules()
        {
            RuleFor(w => w.Url.Value).NotEmpty();
            Include(new Rules());
        }
    }
}

/// <summary>Judges a webhook's URL when it is written: its form here, where it leads as with every host that a tenant names.</summary>
internal sealed class WebhookUrl(OutboundHost host, IHostEnvironment environment)
{
    /// <summary>Why it is refused, or null. Not to be asked inside a transaction: it may wait for DNS.</summary>
    public async Task<Problem?> RefusalAsync(string? text, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0
            || url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && environment.IsDevelopment()))
            return Problems.Invalid("url", "invalid", "A webhook's URL is absolute, begins with https:// and has neither user name nor fragment.");
        return await host.RefusalAsync(url.IdnHost, ct, "url");
    }
}

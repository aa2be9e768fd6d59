using CampaignHub.Core;
using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Fields of a provider feed; an absent one stays as it is.</summary>
public class ProviderFeedChange
{
    private static readonly Duration Overlap = Duration.FromHours(24);

    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>Mailgun, mail.shop.example</example>
    public Optional<string> Name { get; set; }

    /// <summary>
    /// What posts are told by, never read back. Mailgun: the account's HTTP webhook signing key. SendGrid: the verification key of
    /// its signed event webhook. Postmark and Brevo: a password of 16 to 1,000 characters that you choose and give to them with
    /// the URL. SES has none. For 24 hours a former one counts too; give the same one again to end that at once.
    /// </summary>
    public Optional<string> Secret { get; set; }

    /// <summary>SES: the SNS topic that posts; no other is believed.</summary>
    /// <example>arn:aws:sns:eu-central-1:123456789012:bounces</example>
    public Optional<string> TopicArn { get; set; }

    /// <summary>The feed with these fields, which <paramref name="errors"/> has to be empty of faults for.</summary>
    internal ProviderFeed ApplyTo(ProviderFeed feed, KeyRing ring, Guid tenantId, Instant now, List<FieldError> errors)
    {
        CheckKind(feed, errors);
        var changed = feed with { Name = Name.Or(feed.Name)!.Trim(), TopicArn = TopicArn.Or(feed.TopicArn), UpdatedAt = now };
        if (changed.TopicArn != feed.TopicArn)
            changed = changed with { ConfirmedAt = null, ConfirmUrl = null, Problem = null };
        if (errors.Count > 0 || Secret.Value is not { } given)
            return changed;
        var isSame = feed.SecretEncrypted is not null && ProviderFeedStore.Secrets(ring, tenantId, feed, now)[0] == given;
        return changed with
        {
            SecretEncrypted = ProviderFeedStore.Seal(ring, tenantId, feed.FeedId, given),
            FormerSecretEncrypted = isSame ? null : feed.SecretEncrypted,
            FormerUntil = isSame || feed.SecretEncrypted is null ? null : now + Overlap,
        };
    }

    private void CheckKind(ProviderFeed feed, List<FieldError> errors)
    {
        if (feed.Provider == ProviderKind.Ses)
        {
            if (Secret.IsSet)
                errors.Add(new("secret", "not_applicable", "SES signs by a certificate: leave it out."));
            if (!SnsMessage.IsTopic(TopicArn.Or(feed.TopicArn)))
                errors.Add(new("topic_arn", feed.TopicArn is null && !TopicArn.IsSet ? "required" : "invalid", "It is the SNS topic's ARN, such as arn:aws:sns:eu-central-1:123456789012:bounces."));
            return;
        }
        if (TopicArn.IsSet)
            errors.Add(new("topic_arn", "not_applicable", "Only SES posts by a topic: leave it out."));
        if (Secret.IsSet ? Secret.Value is null : feed.SecretEncrypted is null)
            errors.Add(new("secret", "required", "The feed needs the secret by which posts are told."));
        else if (Secret.Value is { } given && SecretFault(feed.Provider, given) is { } fault)
            errors.Add(new("secret", "invalid", fault));
    }

    private static string? SecretFault(ProviderKind kind, string secret) => kind switch
    {
        ProviderKind.Sendgrid => ProviderSignature.IsSendgridKey(secret) ? null : "It is the verification key that SendGrid shows: Base64 of an ECDSA public key.",
        ProviderKind.Postmark or ProviderKind.Brevo => secret.Length >= 16 ? null : "A password has 16 characters or more.",
        _ => null,
    };

    internal sealed class Rules : AbstractValidator<ProviderFeedChange>
    {
        public Rules()
        {
            RuleFor(r => r.Name.Value).NotEmpty().MaximumLength(200).When(r => r.Name.IsSet);
            RuleFor(r => r.Secret.Value).NotEmpty().MaximumLength(1_000).Must(secret => secret is null || !secret.Any(char.IsControl))
                .WithMessage("It must be 1 to 1,000 characters on one line.").When(r => r.Secret.IsSet);
            RuleFor(r => r.TopicArn.Value).MaximumLength(400).When(r => r.TopicArn.IsSet);
        }
    }
}

/// <summary>The fields of a new provider feed.</summary>
public sealed class ProviderFeedDraft : ProviderFeedChange
{
    /// <summary>The provider: <c>ses</c>, <c>mailgun</c>, <c>postmark</c>, <c>sendgrid</c> or <c>brevo</c>; it stays as it was made.</summary>
    public string Kind { get; set; } = "";

    internal sealed class DraftRules : AbstractValidator<ProviderFeedDraft>
    {
        public DraftRules()
        {
            Include(new Rules());
            RuleFor(r => r.Kind).NotEmpty().OneOf(WireWords.All<ProviderKind>());
            RuleFor(r => r.Name.Value).NotEmpty().MaximumLength(200);
        }
    }
}

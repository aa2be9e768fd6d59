using System.Text;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>Fields of a storefront; an absent one stays as it is.</summary>
public class StorefrontChange
{
    /// <summary>For how long a former secret counts beside its successor.</summary>
    private static readonly Duration s_overlap = Duration.FromDays(7);

    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>Shop</example>
    public Optional<string> Name { get; set; }

    /// <summary>The shop's own domain, which is the source of the consents that it states.</summary>
    /// <example>shop.example.com</example>
    public Optional<string> Domain { get; set; }

    /// <summary>
    /// What the shop signs its messages with, 16 to 200 characters; never read back. The secret before it counts for 7 more days;
    /// the same one given again ends that at once.
    /// </summary>
    public Optional<string> Secret { get; set; }

    /// <summary>
    /// What a sync reads the shop with, never read back: Shopify's Admin API access token, or WooCommerce's consumer key and secret
    /// with a colon between them. It belongs to the domain: give it again with another. Null: none.
    /// </summary>
    public Optional<string> AccessToken { get; set; }

    /// <summary>The list that buyers are put on.</summary>
    public Optional<Guid> ListId { get; set; }

    /// <summary>The shop's own time zone (IANA), by which its buyers' is guessed where nothing better is known; Shopify tells it by itself (<c>shop/update</c>). Null: none.</summary>
    /// <example>Europe/Berlin</example>
    public Optional<string> TimeZone { get; set; }

    /// <summary>The storefront with these fields, which <paramref name="errors"/> has to be empty of faults for. Holds the list until the commit.</summary>
    internal async Task<Storefront> ApplyToAsync(TenantTransaction transaction, Storefront before, KeyRing ring, Instant now, List<FieldError> errors)
    {
        var domain = before.Domain;
        if (Domain.IsSet && !MailDomain.TryParse((Domain.Value ?? "").Trim(), out domain, out var problem))
            errors.Add(new("domain", "invalid", problem));
        var listId = ListId.IsSet ? ListId.Value : before.ListId;
        if (ListId.IsSet && !(await ListStore.HoldAsync(transaction, [listId])).Contains(listId))
            errors.Add(new("list_id", "unknown_list", $"There is no list {listId}."));
        var zone = before.TimeZone;
        if (TimeZone.IsSet && RecipientFields.TimeZone(TimeZone.Value, out zone) is { } unknownZone)
            errors.Add(unknownZone);
        var changed = before with { Name = Name.Or(before.Name)!.Trim(), Domain = domain ?? "", ListId = listId, TimeZone = zone, UpdatedAt = now };
        if (AccessToken.IsSet)
            changed = changed with { AccessTokenEncrypted = AccessToken.Value is { } token ? StorefrontStore.SealToken(ring, transaction.TenantId, before.StorefrontId, token) : null };
        // Nobody may read a token back by having it sent to a host of their own.
        else if (before.AccessTokenEncrypted is not null && changed.Domain != before.Domain)
            errors.Add(new("access_token", "required", "The access token was given for another domain: give it again, or null."));
        if (AccessToken.Value is { } pair && before.Kind == "woocommerce" && !pair.Contains(':', StringComparison.Ordinal))
            errors.Add(new("access_token", "invalid", "It must be the consumer key and the consumer secret with a colon between them."));
        return Secret.Value is { } secret ? WithSecret(changed, secret, ring, transaction.TenantId, now) : changed;
    }

    private static Storefront WithSecret(Storefront storefront, string secret, KeyRing ring, Guid tenantId, Instant now)
    {
        if (storefront.SecretEncrypted.Length > 0 && Encoding.UTF8.GetString(StorefrontStore.Open(ring, tenantId, storefront.StorefrontId, storefront.SecretEncrypted)) == secret)
            return storefront with { FormerSecretEncrypted = null, FormerUntil = null };
        var isFirst = storefront.SecretEncrypted.Length == 0;
        return storefront with
        {
            SecretEncrypted = StorefrontStore.Seal(ring, tenantId, storefront.StorefrontId, secret),
            FormerSecretEncrypted = isFirst ? null : storefront.SecretEncrypted,
            FormerUntil = isFirst ? null : now + s_overlap,
        };
    }

    internal sealed class Rules : AbstractValidator<StorefrontChange>
    {
        public Rules()
        {
            RuleFor(r => r.Name.Value).NotEmpty().MaximumLength(200).When(r => r.Name.IsSet);
            RuleFor(r => r.Domain.Value).NotEmpty().MaximumLength(253).When(r => r.Domain.IsSet);
            RuleFor(r => r.Secret.Value).NotNull().Length(16, 200).Must(IsOneLine).WithMessage("It must be 16 to 200 characters on one line.").When(r => r.Secret.IsSet);
            RuleFor(r => r.AccessToken.Value).Length(1, 500).Must(IsToken).WithMessage("It must be visible ASCII characters.").When(r => r.AccessToken.Value is not null);
        }

        private static bool IsToken(string? text) => text is { Length: > 0 } && text.All(c => c is > ' ' and <= '~');

        private static bool IsOneLine(string? text) => text is not null && !text.Any(char.IsControl) && RecipientFields.IsText(text);
    }
}

/// <summary>The fields of a new storefront.</summary>
public sealed class StorefrontDraft : StorefrontChange
{
    /// <summary><c>shopify</c> or <c>woocommerce</c>; it stays as it was made.</summary>
    public string Kind { get; set; } = "";

    internal sealed class DraftRules : AbstractValidator<StorefrontDraft>
    {
        public DraftRules()
        {
            Include(new Rules());
            RuleFor(r => r.Kind).NotEmpty().OneOf("shopify", "woocommerce");
            RuleFor(r => r.Name.Value).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Domain.Value).NotEmpty().MaximumLength(253);
            RuleFor(r => r.Secret.Value).NotEmpty().Length(16, 200);
            RuleFor(r => r.ListId.Value).NotEmpty();
        }
    }
}

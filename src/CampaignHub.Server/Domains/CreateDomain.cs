using CampaignHub.Core.Audience;
using CampaignHub.Core.Domains;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>A domain to make.</summary>
public sealed class CreateDomainRequest
{
    [FromBody]
    public DomainDraft Body { get; set; } = new();
}

/// <summary>The fields of a new domain.</summary>
public sealed class DomainDraft
{
    /// <summary>
    /// Of a sending domain what stands after the @ of your senders' addresses, or a domain above it; of the others a name of its
    /// own, such as <c>bounces.shop.example</c> or <c>links.shop.example</c>. At most 200 characters.
    /// </summary>
    /// <example>shop.example</example>
    public string? Name { get; set; }

    /// <summary>
    /// <c>sending</c>: senders' addresses are on it, and its keys sign; <c>bounce</c>: envelope senders of relays with <c>verp</c>
    /// are on it; <c>tracking</c>: links, pixels and unsubscribe addresses begin with it.
    /// </summary>
    public string? Kind { get; set; }
}

/// <summary>
/// Makes a domain, and of a sending one its DKIM keys. Publish the records that the answer shows, then <c>POST /v1/domains/{id}/verify</c>.
/// </summary>
internal sealed class CreateDomain(DomainTargets targets, KeyRing keyRing, IClock clock) : ApiEndpoint<CreateDomainRequest, DomainView>
{
    /// <summary>Leaves room for a selector before it: a name in DNS has at most 253 characters.</summary>
    private const int MostCharacters = 200;

    public override void Configure()
    {
        Post("/v1/domains");
        Access(Scope.SettingsWrite);
        Answers(201);
        Conflicts();
        Summary(s => s.Summary = "Make a domain");
    }

    protected override async Task<Answer<DomainView>> AnswerAsync(CreateDomainRequest request, TenantTransaction transaction)
    {
        if (Refusal(request.Body.Name!.Trim(), out var name) is { } refusal)
            return refusal;
        var now = clock.GetCurrentInstant();
        var domain = new Domain { DomainId = Guid.CreateVersion7(), Name = name, Kind = request.Body.Kind!, CreatedAt = now };
        if (!await DomainStore.InsertAsync(transaction, domain, now + DomainReading.IntervalOf(domain.Kind)))
            return Problems.AlreadyExists("name", $"You have the {domain.Kind} domain {name} already.");
        if (domain.Kind == "sending")
        {
            var pair = DkimPair.Create(keyRing, transaction.TenantId, domain.DomainId, generation: 1, now);
            await DomainStore.InsertPairAsync(transaction, pair);
            domain = domain with { Pairs = [pair] };
        }
        return Answer.Created(DomainView.Of(domain, targets), $"/v1/domains/{domain.DomainId}");
    }

    private static Problem? Refusal(string text, out string name)
    {
        name = "";
        if (!MailDomain.TryParse(text, out var parsed, out var problem))
            return Problems.Invalid("name", "invalid_domain", problem);
        name = parsed;
        if (name.Length > MostCharacters)
            return Problems.Invalid("name", "too_long", $"A domain may have {MostCharacters} characters here, in the form that DNS takes.");
        return RegistrySuffix.Is(name)
            ? Problems.Invalid("name", "public_suffix", $"{name} belongs to a registry, and others have their domains below it: give your own, such as shop.{name}.")
            : null;
    }

    internal sealed class Rules : Validator<CreateDomainRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Name).NotEmpty();
            RuleFor(r => r.Body.Kind).NotEmpty().OneOf("sending", "bounce", "tracking");
        }
    }
}

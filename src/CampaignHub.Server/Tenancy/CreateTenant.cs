using System.Security.Cryptography;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Tenancy;

/// <summary>A tenant to make.</summary>
public sealed class CreateTenantRequest
{
    [FromBody]
    public TenantDraft Body { get; set; } = new();
}

/// <summary>The fields of a new tenant.</summary>
public sealed class TenantDraft
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>Shop Ltd</example>
    public string? Name { get; set; }

    /// <summary>IANA time zone, the fallback of all its campaigns; <c>Etc/UTC</c> unless given.</summary>
    /// <example>Europe/Berlin</example>
    public string? TimeZone { get; set; }
}

/// <summary>A new tenant with its first API key, which is shown this once.</summary>
public sealed record CreatedTenant : Tenant
{
    /// <summary>The first key, with every scope. Keep it: only its hash is stored.</summary>
    public string ApiKey { get; init; } = "";
}

/// <summary>Makes a tenant and its first API key.</summary>
internal sealed class CreateTenant(IClock clock) : OperatorEndpoint<CreateTenantRequest, CreatedTenant>
{
    public override void Configure()
    {
        Post("/v1/tenants");
        OperatorOnly();
        Answers(201);
        Summary(s => s.Summary = "Make a tenant and its first API key");
    }

    protected override async Task<Answer<CreatedTenant>> AnswerAsync(CreateTenantRequest request, TenantTransaction transaction)
    {
        if (!TenantZones.TryParse(request.Body.TimeZone ?? "Etc/UTC", out var zone))
            return TenantZones.Unknown(request.Body.TimeZone!);
        var tenant = new CreatedTenant
        {
            Id = Guid.CreateVersion7(),
            Name = request.Body.Name!.Trim(),
            TimeZone = zone,
            CreatedAt = clock.GetCurrentInstant(),
            ApiKey = ApiKeyFormat.Create(ApiKeyKind.Tenant, RandomNumberGenerator.GetBytes(ApiKeyFormat.RandomBytes)),
        };
        await transaction.SeeAsync(tenant.Id);
        await TenantStore.InsertAsync(transaction, tenant);
        await TenantStore.InsertKeyAsync(transaction, tenant.Id, FirstKey(tenant), ApiKeyFormat.Hash(tenant.ApiKey));
        return Answer.Created(tenant, $"/v1/tenants/{tenant.Id}", secret: true);
    }

    private static ApiKey FirstKey(CreatedTenant tenant) => new()
    {
        Id = Guid.CreateVersion7(),
        Name = "first key",
        Prefix = tenant.ApiKey[..ApiKeyFormat.PrefixLength],
        Scopes = [Scope.Everything],
        CreatedAt = tenant.CreatedAt,
    };

    internal sealed class Rules : Validator<CreateTenantRequest>
    {
        public Rules() => RuleFor(r => r.Body.Name).NotEmpty().MaximumLength(200);
    }
}

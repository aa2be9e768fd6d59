using System.Security.Cryptography;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Tenancy;

/// <summary>A key to make.</summary>
public sealed class CreateApiKeyRequest
{
    [FromBody]
    public ApiKeyDraft Body { get; set; } = new();
}

/// <summary>The fields of a new API key.</summary>
public sealed class ApiKeyDraft
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>dashboard</example>
    public string? Name { get; set; }

    /// <summary>What the key may do; at least one scope, and none that the asking key lacks.</summary>
    public string[]? Scopes { get; set; }
}

/// <summary>A new API key, with the key itself, which is shown this once.</summary>
public sealed record CreatedApiKey : ApiKey
{
    /// <summary>The key. Keep it: only its hash is stored.</summary>
    public string Key { get; init; } = "";
}

/// <summary>Makes an API key with chosen scopes.</summary>
internal sealed class CreateApiKey(IClock clock) : ApiEndpoint<CreateApiKeyRequest, CreatedApiKey>
{
    public override void Configure()
    {
        Post("/v1/api-keys");
        Access(Scope.SettingsWrite);
        Answers(201);
        Summary(s => s.Summary = "Make an API key");
    }

    protected override async Task<Answer<CreatedApiKey>> AnswerAsync(CreateApiKeyRequest request, TenantTransaction transaction)
    {
        var beyond = request.Body.Scopes!.FirstOrDefault(scope => !Scope.Allows(Caller.Scopes, scope));
        if (beyond is not null)
            return Problems.ScopeMissing(beyond);
        var secret = ApiKeyFormat.Create(ApiKeyKind.Tenant, RandomNumberGenerator.GetBytes(ApiKeyFormat.RandomBytes));
        var key = new CreatedApiKey
        {
            Id = Guid.CreateVersion7(),
            Name = request.Body.Name!.Trim(),
            Prefix = secret[..ApiKeyFormat.PrefixLength],
            Scopes = [.. request.Body.Scopes!.Distinct()],
            CreatedAt = clock.GetCurrentInstant(),
            Key = secret,
        };
        await TenantStore.InsertKeyAsync(transaction, transaction.TenantId, key, ApiKeyFormat.Hash(secret));
        return Answer.Created(key, $"/v1/api-keys/{key.Id}", secret: true);
    }

    internal sealed class Rules : Validator<CreateApiKeyRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Name).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Body.Scopes).NotEmpty();
            RuleForEach(r => r.Body.Scopes).NotNull().OneOf(Scope.All);
        }
    }
}

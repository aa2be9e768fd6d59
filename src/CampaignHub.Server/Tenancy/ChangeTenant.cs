using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FastEndpoints;
using FluentValidation;

namespace CampaignHub.Server.Tenancy;

/// <summary>A tenant and what to change of it.</summary>
public sealed class ChangeTenantRequest
{
    /// <summary>The tenant's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public TenantChange Body { get; set; } = new();
}

/// <summary>Fields of a tenant that can change; an absent one stays.</summary>
public sealed class TenantChange
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    public Optional<string> Name { get; set; }

    /// <summary>IANA time zone, the fallback of its campaigns.</summary>
    public Optional<string> TimeZone { get; set; }

    /// <summary><c>active</c> or <c>suspended</c>.</summary>
    public Optional<string> Status { get; set; }

    /// <summary>Days for which its events and hits are kept besides today (UTC): 30 to 36,500. What is older goes, also at once; null: for as long as the operator keeps all.</summary>
    public Optional<int?> RetentionDays { get; set; }

    /// <summary>Days, 0 to 30, for which it is kept which network (a keyed hash, of one day) an open or click came from. What is older goes; 0: not beyond the minutes in which clicks are judged.</summary>
    public Optional<int> IpRetentionDays { get; set; }
}

/// <summary>Renames, suspends or wakes a tenant.</summary>
internal sealed class ChangeTenant : OperatorEndpoint<ChangeTenantRequest, Tenant>
{
    public override void Configure()
    {
        Patch("/v1/tenants/{id}");
        OperatorOnly();
        Summary(s => s.Summary = "Change, suspend or wake a tenant");
    }

    protected override async Task<Answer<Tenant>> AnswerAsync(ChangeTenantRequest request, TenantTransaction transaction)
    {
        await transaction.SeeAsync(request.Id);
        if (await TenantStore.LockAsync(transaction, request.Id) is not { } tenant)
            return Problems.NotFound("tenant");
        var zone = request.Body.TimeZone.Or(tenant.TimeZone);
        if (!TenantZones.TryParse(zone ?? "", out var known))
            return TenantZones.Unknown(zone ?? "");
        var changed = tenant with
        {
            Name = request.Body.Name.Or(tenant.Name)!,
            Status = request.Body.Status.Or(tenant.Status)!,
            TimeZone = known,
            RetentionDays = request.Body.RetentionDays.Or(tenant.RetentionDays),
            IpRetentionDays = request.Body.IpRetentionDays.Or(tenant.IpRetentionDays),
        };
        await TenantStore.UpdateAsync(transaction, changed);
        return changed;
    }

    internal sealed class Rules : Validator<ChangeTenantRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Name.Value).NotEmpty().MaximumLength(200).When(r => r.Body.Name.IsSet);
            RuleFor(r => r.Body.TimeZone.Value).NotEmpty().When(r => r.Body.TimeZone.IsSet);
            RuleFor(r => r.Body.RetentionDays.Value).InclusiveBetween(30, 36_500).When(r => r.Body.RetentionDays is { IsSet: true, Value: not null });
            RuleFor(r => r.Body.IpRetentionDays.Value).InclusiveBetween(0, 30).When(r => r.Body.IpRetentionDays.IsSet);
            RuleFor(r => r.Body.Status.Value).NotNull().OneOf("active", "suspended").When(r => r.Body.Status.IsSet);
        }
    }
}

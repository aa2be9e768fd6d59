using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;

namespace CampaignHub.Server.Scheduling;

/// <summary>What every list of deliveries can be narrowed by. Filters are joined by "and".</summary>
public abstract class DeliveryFilter : PageRequest
{
    /// <summary>Only those in this state.</summary>
    public string? State { get; set; }

    /// <summary>Only those whose last attempt was at this relay.</summary>
    public Guid? RelayId { get; set; }

    /// <summary>Only those to this mail domain.</summary>
    /// <example>example.com</example>
    public string? MailDomain { get; set; }

    /// <summary>Only those with this reason, such as a row of the table of outcomes.</summary>
    /// <example>policy</example>
    public string? Reason { get; set; }

    /// <summary>Only those whose relay last said something that contains this text; case doesn't matter.</summary>
    /// <example>user unknown</example>
    public string? Reply { get; set; }
}

/// <summary>The rules of a list's filters.</summary>
internal abstract class DeliveryFilterRules<T> : Validator<T> where T : DeliveryFilter
{
    protected DeliveryFilterRules()
    {
        RuleFor(r => r.State).OneOf([.. Enum.GetValues<DeliveryState>().Select(s => s.Word())]);
        RuleFor(r => r.Reason).MaximumLength(100);
        RuleFor(r => r.Reply).MaximumLength(200);
    }
}

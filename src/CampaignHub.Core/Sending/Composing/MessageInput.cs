using System.Text.Json;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Sending.Composing.Liquid;
using Fluid.Values;
using NodaTime;

namespace CampaignHub.Core.Sending.Composing;

/// <summary>A recipient as a template sees them: <c>recipient.email</c>, <c>recipient.first_name</c> and so on.</summary>
/// <param name="Email">The address.</param>
public sealed record TemplateRecipient(string Email)
{
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Locale { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public string? Phone { get; init; }
    public string? TimeZone { get; init; }

    /// <summary>A JSON object; null is an empty one.</summary>
    public string? AttributesJson { get; init; }

    internal FluidValue ToLiquid() => LiquidValues.Members(new(StringComparer.OrdinalIgnoreCase)
    {
        ["email"] = LiquidValues.Text(Email),
        ["first_name"] = LiquidValues.Text(FirstName),
        ["last_name"] = LiquidValues.Text(LastName),
        ["locale"] = LiquidValues.Text(Locale),
        ["country"] = LiquidValues.Text(Country),
        ["region"] = LiquidValues.Text(Region),
        ["phone"] = LiquidValues.Text(Phone),
        ["time_zone"] = LiquidValues.Text(TimeZone),
        ["attributes"] = Attributes(),
    });

    private FluidValue Attributes()
    {
        if (AttributesJson is null or "{}")
            return LiquidValues.Members([]);
        using var json = JsonDocument.Parse(AttributesJson);
        return LiquidValues.From(json.RootElement);
    }
}

/// <summary>All that makes one message differ from the next.</summary>
public sealed record MessageInput(TemplateRecipient Recipient, string CampaignName, ITrackingLinks Links, Instant Date)
{
    public LiquidLimits Limits { get; init; } = LiquidLimits.Default;

    /// <summary>The caller's wall-clock limit, if it wants one.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>One person's content, as it goes into the message and as a preview shows it.</summary>
/// <param name="Subject">One line: line breaks and controls that values brought are blanks.</param>
/// <param name="Html">With tracking URLs, pixel and unsubscribe line.</param>
/// <param name="Text">Never tracked.</param>
/// <param name="UnsubscribeUrl">For the List-Unsubscribe header.</param>
/// <param name="Links">The tracked links in the order of the message; one in a loop stands once per turn.</param>
/// <param name="Warnings">The campaign's.</param>
public sealed record RenderedContent(
    string Subject, string Html, string Text, string UnsubscribeUrl, IReadOnlyList<RenderedLink> Links, IReadOnlyList<ContentProblem> Warnings);

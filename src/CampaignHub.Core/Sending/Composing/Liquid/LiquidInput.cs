using CampaignHub.Core.Sending.Composing.Links;
using Fluid.Values;
using NodaTime;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>All that a rendering depends on.</summary>
public sealed class LiquidInput
{
    /// <summary>The names that the template sees.</summary>
    public required IReadOnlyDictionary<string, FluidValue> Values { get; init; }

    /// <summary>What <c>'now' | date</c> shows, in UTC.</summary>
    public required Instant Now { get; init; }

    public LiquidLimits Limits { get; init; } = LiquidLimits.Default;

    /// <summary>A wall-clock limit of the caller's, if it wants one: cancelled, the answer is <c>template_too_slow</c>.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>For tags of our own: passed through to them.</summary>
    internal MessageLinks? Links { get; init; }
}

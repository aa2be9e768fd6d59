using Fluid;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>Tells a template's faults from ours, and words them.</summary>
internal static class LiquidFaults
{
    /// <summary>What the engine's filters throw on values they didn't expect, null references included; anything else goes on.</summary>
    public static bool IsTemplates(Exception fault) => fault is InvalidOperationException or FluidException
        or ArithmeticException or FormatException or ArgumentException or InvalidCastException
        or IndexOutOfRangeException or NullReferenceException or NotSupportedException or TimeZoneNotFoundException;

    // The engine says "recursion" for its step limit too, and has no type of its own for it.
    public static LiquidFailure Describe(Exception fault) =>
        fault is InvalidOperationException && fault.Message.Contains("maximum", StringComparison.OrdinalIgnoreCase)
            ? new(LiquidFailure.TooSlow, "The template takes too many steps.")
            : new(LiquidFailure.Error, fault.Message);
}

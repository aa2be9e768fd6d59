namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>
/// What one rendering may use. All of them are counted, not timed, so the same template and the same person
/// fail or succeed alike on any machine; a caller who wants a wall-clock limit as well passes a token.
/// </summary>
/// <param name="MaxSteps">Tags and outputs executed.</param>
/// <param name="MaxRecursion">Depth of nested scopes.</param>
/// <param name="MaxOutput">Characters written, captured text included.</param>
/// <param name="MaxValue">Characters of one intermediate string.</param>
/// <param name="MaxItems">Elements of one intermediate list or range.</param>
/// <param name="MaxWork">Characters and elements that filters and comparisons read or made, in all.</param>
public sealed record LiquidLimits(
    int MaxSteps = 100_000,
    int MaxRecursion = 50,
    int MaxOutput = 1_048_576,
    int MaxValue = 262_144,
    int MaxItems = 10_000,
    long MaxWork = 5_000_000)
{
    public static LiquidLimits Default { get; } = new();
}

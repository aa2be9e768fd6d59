namespace CampaignHub.Core.Sending.Composing;

/// <summary>What is wrong with, or worth knowing of, a campaign's content.</summary>
/// <param name="Field"><c>subject</c>, <c>html</c> or <c>text</c>.</param>
/// <param name="Code">Stable: one of the constants here, or of <see cref="Liquid.LiquidFailure"/>.</param>
/// <param name="Message">For the author, in English.</param>
/// <param name="Line">From 1; null where the whole field is meant.</param>
/// <param name="Column">From 1; null as <paramref name="Line"/> is.</param>
public sealed record ContentProblem(string Field, string Code, string Message, int? Line = null, int? Column = null)
{
    public const string Required = "required";
    public const string TooLong = "too_long";
    public const string LineBreak = "line_break";
    public const string ControlCharacter = "control_character";
    public const string InvalidLiquid = "invalid_liquid";

    /// <summary>A warning: Liquid makes the link's scheme or host, so it leads straight to its target.</summary>
    public const string LinkNotTracked = "link_not_tracked";
}

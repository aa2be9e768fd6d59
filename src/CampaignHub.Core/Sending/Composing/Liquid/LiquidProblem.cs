namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>A fault in a template's source. Line and column count from 1.</summary>
public sealed record LiquidProblem(int Line, int Column, string Message);

/// <summary>Why a template that parsed could not be rendered for somebody.</summary>
/// <param name="Code">One of <see cref="TooSlow"/>, <see cref="TooLarge"/>, <see cref="Error"/>.</param>
/// <param name="Message">For the author, in English.</param>
public sealed record LiquidFailure(string Code, string Message)
{
    /// <summary>Where it lies: <c>subject</c>, <c>html</c> or <c>text</c>; null of a template by itself.</summary>
    public string? Field { get; init; }

    /// <summary>Too many steps, too much work, or the caller's token was cancelled.</summary>
    public const string TooSlow = "template_too_slow";

    /// <summary>Too much output, or one value grew too large.</summary>
    public const string TooLarge = "template_output_too_large";

    /// <summary>The template did what Liquid refuses, such as dividing by zero.</summary>
    public const string Error = "template_error";
}

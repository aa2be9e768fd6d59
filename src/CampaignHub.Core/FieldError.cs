namespace CampaignHub.Core;

/// <summary>What is wrong with one field of a request: an entry of the <c>errors</c> map of a 422 (RFC 9457).</summary>
/// <param name="Path">Where, from the body's root: <c>schedule.date</c>, <c>lists[0]</c>.</param>
/// <param name="Code">A stable word that programs may compare, such as <c>invalid</c> or <c>not_supported</c>.</param>
/// <param name="Message">One sentence for a person: what is wrong, and what would be right.</param>
public sealed record FieldError(string Path, string Code, string Message);

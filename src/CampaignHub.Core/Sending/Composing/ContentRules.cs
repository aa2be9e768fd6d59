namespace CampaignHub.Core.Sending.Composing;

/// <summary>What a campaign's content may be, before any of it is parsed.</summary>
public static class ContentRules
{
    /// <summary>Characters; RFC 5322's line limit.</summary>
    public const int MaxSubject = 998;

    /// <summary>Characters of the HTML's source.</summary>
    public const int MaxHtml = 500_000;

    /// <summary>Characters of the text part's source.</summary>
    public const int MaxText = 500_000;

    public static IReadOnlyList<ContentProblem> Check(CampaignContent content) =>
        [.. Subject(content.Subject), .. Body("html", content.Html, MaxHtml), .. Body("text", content.Text, MaxText)];

    private static IEnumerable<ContentProblem> Subject(string subject)
    {
        if (string.IsNullOrWhiteSpace(subject))
            yield return new("subject", ContentProblem.Required, "A subject is required.");
        if (subject.Length > MaxSubject)
            yield return new("subject", ContentProblem.TooLong, $"The subject is longer than {MaxSubject} characters.");
        if (subject.AsSpan().IndexOfAny('\r', '\n') >= 0)
            yield return new("subject", ContentProblem.LineBreak, "The subject holds a line break.");
        else if (subject.Any(char.IsControl))
            yield return new("subject", ContentProblem.ControlCharacter, "The subject holds a control character.");
    }

    private static IEnumerable<ContentProblem> Body(string field, string? source, int max)
    {
        if (source is null)
            yield break;
        if (field == "html" && string.IsNullOrWhiteSpace(source))
            yield return new(field, ContentProblem.Required, "HTML is required.");
        if (source.Length > max)
            yield return new(field, ContentProblem.TooLong, $"It is longer than {max} characters.");
        if (source.Contains('\0'))
            yield return new(field, ContentProblem.ControlCharacter, "It holds a NUL character.");
    }
}

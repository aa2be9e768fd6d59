namespace CampaignHub.Core.Audience;

/// <summary>What is wrong with one field of a recipient, the same for the API, a file's row and a webhook.</summary>
/// <param name="Field">The field's name on the wire, such as <c>time_zone</c>.</param>
/// <param name="Code">A stable word out of <see cref="FieldProblemCodes"/>.</param>
/// <param name="Message">One sentence for a person, naming the value where it is short.</param>
public sealed record FieldProblem(string Field, string Code, string Message);

/// <summary>The stable codes of <see cref="FieldProblem"/> and <see cref="RowError"/>.</summary>
public static class FieldProblemCodes
{
    public const string Required = "required";
    public const string TooLong = "too_long";
    public const string NotText = "not_text";
    public const string InvalidEmail = "invalid_email";
    public const string InvalidPattern = "invalid_pattern";
    public const string InvalidLocale = "invalid_locale";
    public const string UnknownCountry = "unknown_country";
    public const string UnknownRegion = "unknown_region";
    public const string UnknownTimeZone = "unknown_time_zone";
    public const string InvalidConsent = "invalid_consent";
    public const string InvalidInstant = "invalid_instant";
    public const string InvalidAttributes = "invalid_attributes";
    public const string NoEmailColumn = "no_email_column";
}

namespace CampaignHub.Core.Audience;

/// <summary>The stable codes that the audience's <see cref="FieldError"/> and <see cref="RowError"/> carry.</summary>
public static class RecipientCodes
{
    public const string Required = "required";
    public const string TooLong = "too_long";
    public const string NotText = "not_text";
    public const string InvalidEmail = "invalid_email";
    public const string InvalidLocale = "invalid_locale";
    public const string UnknownCountry = "unknown_country";
    public const string UnknownRegion = "unknown_region";
    public const string UnknownTimeZone = "unknown_time_zone";
    public const string InvalidConsent = "invalid_consent";
    public const string InvalidInstant = "invalid_instant";
    public const string InvalidAttributes = "invalid_attributes";
    public const string NoEmailColumn = "no_email_column";
    public const string InvalidJson = "invalid_json";
    public const string UnknownField = "unknown_field";
    public const string WrongType = "wrong_type";
    public const string NotUtf8 = "not_utf8";
    public const string TooManyCells = "too_many_cells";
}

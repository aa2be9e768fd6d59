using System.Globalization;
using System.Text.RegularExpressions;

namespace CampaignHub.Server.Operations.Doctor;

/// <summary>Numbers and lengths of time as the doctor writes them, and sentences without the addresses in them.</summary>
internal static partial class Words
{
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>So many of something: one has no s.</summary>
    public static string Count(long number, string one, string? many = null) => $"{Number(number)} {(number == 1 ? one : many ?? one + "s")}";

    public static string Deliveries(long number) => Count(number, "delivery", "deliveries");

    /// <summary>Seconds as a person says them; below zero as "in …".</summary>
    public static string Age(double? seconds) => seconds switch
    {
        null => "–",
        < 0 => "in " + Length(-seconds.Value),
        _ => Length(seconds.Value),
    };

    public static string Length(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, seconds):0} s"),
        < 2 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        < 2 * 86400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:0} d"),
    };

    /// <summary>A mail server's reply may name who is written to: whoever is on call needn't know.</summary>
    public static string WithoutAddresses(string text) => Address().Replace(text, "(address)").TrimEnd('.');

    [GeneratedRegex(@"[^\s<>(),;:""']+@[^\s<>(),;:""']+")]
    private static partial Regex Address();
}

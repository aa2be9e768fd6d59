using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Reports;

/// <summary>
/// The keys of roll-ups by time: the quarter of an hour (UTC) in which it happened. Every zone's hours and days begin at one,
/// since all zones differ from UTC by quarters of an hour, and have since 1972.
/// </summary>
internal static class Quarters
{
    public const string Dimension = "quarter";

    private const int Seconds = 15 * 60;

    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH':'mm");

    /// <summary>The key of an instant's quarter.</summary>
    public static string KeyOf(Instant at)
    {
        var seconds = at.ToUnixTimeSeconds();
        return Pattern.Format(Instant.FromUnixTimeSeconds(seconds - (((seconds % Seconds) + Seconds) % Seconds)).InUtc().LocalDateTime);
    }

    /// <summary>The instant at which a key's quarter begins.</summary>
    public static Instant StartOf(string key) => Pattern.Parse(key).Value.InUtc().ToInstant();
}

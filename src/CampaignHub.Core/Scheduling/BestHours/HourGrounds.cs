namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>What a chosen hour rests on.</summary>
/// <param name="First">The best hour for this person, by all that was known.</param>
/// <param name="Second">The next best; null where there is one choice.</param>
/// <param name="Third">The one after it; null where there are two.</param>
/// <param name="OwnPercent">How much of that is the person's own, 0 to 100; the rest is those like them.</param>
public readonly record struct HourGrounds(int First, int? Second, int? Third, int OwnPercent)
{
    private const int None = 31;

    /// <summary>One whole number for the delivery's row: own share, then the hours, five bits each.</summary>
    public int Code => (((OwnPercent * 32) + (Third ?? None)) * 32 + (Second ?? None)) * 32 + First;

    /// <summary>From what <see cref="Code"/> gave.</summary>
    public static HourGrounds FromCode(int code) => new(code & 31, Hour((code >> 5) & 31), Hour((code >> 10) & 31), code >> 15);

    private static int? Hour(int bits) => bits == None ? null : bits;
}

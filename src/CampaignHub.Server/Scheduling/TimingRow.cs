using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Core.Sending;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>What a delivery's timing is made of, as the rows of its zone and its person hold it.</summary>
internal sealed record TimingRow
{
    public string TimeZone { get; init; } = "";
    public string TimeZoneSource { get; init; } = "";
    public string Rule { get; init; } = "";
    public string? Local { get; init; }
    public Instant? DueAt { get; init; }
    public string Adjustment { get; init; } = "none";
    public Guid? WaveId { get; init; }
    public LocalDateTime? LocalTime { get; init; }
    public int Slot { get; init; }
    public string? Passed { get; init; }
    public bool Missed { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public string? UnsureCountry { get; init; }
    public int? Hour { get; init; }
    public string? Arm { get; init; }
    public int? HourGrounds { get; init; }

    public DeliveryTiming Of(DeliveryView delivery) => new()
    {
        TimeZone = TimeZone,
        TimeZoneSource = TimeZoneSource,
        Rule = Rule,
        Local = Local,
        DueAt = DueAt,
        Adjustment = Adjustment,
        WaveId = WaveId,
        Explanation = TimingExplanation.Of(Plan, Evidence, WireWords.Parse<DeliveryState>(delivery.State)!.Value, delivery.Reason, Grounds),
        BestTime = WireArm is { } arm && Grounds is { } grounds ? DeliveryBestTime.Of(arm, grounds) : null,
    };

    private BestTimeArm? WireArm => Arm is null ? null : WireWords.Parse<BestTimeArm>(Arm);

    private HourGrounds? Grounds => HourGrounds is { } code ? Core.Scheduling.BestHours.HourGrounds.FromCode(code) : null;

    private ZonePlan Plan => new(
        TimeZone, LocalTime, DueAt, WireWords.Parse<Adjustment>(Adjustment)!.Value, Missed ? ZoneOutcome.Missed : ZoneOutcome.Send)
    {
        Slot = Slot,
        UnsureCountry = UnsureCountry,
        Hour = Hour,
        Arm = WireArm,
        Passed = Passed is null ? null : WireWords.Parse<PassedOutcome>(Passed),
    };

    private ZoneEvidence Evidence => new(WireWords.Parse<ZoneSource>(TimeZoneSource)!.Value, Country, Region);
}

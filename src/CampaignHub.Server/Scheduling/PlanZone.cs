using CampaignHub.Core;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Scheduling.BestHours;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>One zone of a plan as its row holds it.</summary>
internal sealed record PlanZone
{
    public int ZoneNumber { get; init; }
    public string TimeZone { get; init; } = "";
    public string? HolidayCountry { get; init; }
    public int Slot { get; init; }
    public string? UnsureCountry { get; init; }
    public int? Hour { get; init; }
    public string? ArmWord { get; init; }
    public string Rule { get; init; } = "";
    public LocalDateTime? LocalTime { get; init; }
    public Instant? DueAt { get; init; }
    public string AdjustmentWord { get; init; } = "none";
    public string? PassedWord { get; init; }
    public bool Missed { get; init; }
    public Guid? WaveId { get; init; }
    public string? WaveStatus { get; init; }
    public string? JobId { get; init; }
    public long Recipients { get; init; }

    public PlanPlace Place => ToZonePlan().Place;

    public ZonePlan ToZonePlan() =>
        new(TimeZone, LocalTime, DueAt, WireWords.Parse<Adjustment>(AdjustmentWord)!.Value, Missed ? ZoneOutcome.Missed : ZoneOutcome.Send)
        {
            HolidayCountry = HolidayCountry,
            Slot = Slot,
            UnsureCountry = UnsureCountry,
            Hour = Hour,
            Arm = ArmWord is null ? null : WireWords.Parse<BestTimeArm>(ArmWord),
            Passed = PassedWord is null ? null : WireWords.Parse<PassedOutcome>(PassedWord),
        };

    public PlanZone With(ZonePlan plan) => this with
    {
        LocalTime = plan.Local,
        DueAt = plan.DueAt,
        AdjustmentWord = plan.Adjustment.Word(),
        PassedWord = plan.Passed?.Word(),
        Missed = plan.Outcome == ZoneOutcome.Missed,
    };
}

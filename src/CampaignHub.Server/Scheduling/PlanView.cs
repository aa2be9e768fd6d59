using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>Who gets a campaign at which instant, and why; and who is left out.</summary>
public sealed record PlanView
{
    /// <summary>The campaign.</summary>
    public Guid CampaignId { get; init; }

    /// <summary><c>computing</c>, <c>ready</c> or <c>failed</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>When it was computed; null while it is being computed.</summary>
    public Instant? ComputedAt { get; init; }

    /// <summary>The edition of the IANA time zone database that it was computed with.</summary>
    public string? Tzdb { get; init; }

    /// <summary>How many people will get it, those who joined after launch included.</summary>
    public long Recipients { get; init; }

    /// <summary>How many of them joined after launch; 0 unless <c>audience.joining</c> is <c>until_passed</c>.</summary>
    public long Joined { get; init; }

    /// <summary>How many of the audience won't, by reason.</summary>
    public PlanExclusions Excluded { get; init; } = new(0, 0, 0);

    /// <summary>
    /// How many of the recipients are expected to have had as many messages as they may when their moment comes; null where there was
    /// neither a frequency cap nor anybody with a <c>max_frequency</c>. An expectation as things stood at <c>computed_at</c>: what had
    /// been sent, and what other launched campaigns were to send by then. Decided is it right before each message.
    /// </summary>
    public PlanCapped? Capped { get; init; }

    /// <summary>Where the time zones of those who get it come from, without those who joined after launch.</summary>
    public IReadOnlyDictionary<string, long> ZoneSources { get; init; } = new Dictionary<string, long>();

    /// <summary>How the hours were found; null unless the strategy is <c>best_time</c>.</summary>
    public PlanArms? BestTime { get; init; }

    /// <summary>Whose moment has passed, and what becomes of them; empty where it is nobody's.</summary>
    public IReadOnlyList<PlanPassed> Passed { get; init; } = [];

    /// <summary>
    /// What was moved after launch, the oldest first. In the answer to <c>POST …/plan</c> of a launched campaign: what would be
    /// moved at this moment, and is not.
    /// </summary>
    public IReadOnlyList<PlanMoveView> Moves { get; init; } = [];

    /// <summary>The instants in order; each is one wave. People whose moment is skipped stand under an instant without a wave.</summary>
    public IReadOnlyList<PlanInstant> Instants { get; init; } = [];

    internal static async Task<PlanView> OfAsync(TenantTransaction transaction, Guid campaignId)
    {
        // First: a move beside this is seen by itself, and then what it made of the plan is seen too.
        var moves = await PlanMoveStore.ListAsync(transaction, campaignId);
        var plan = (await PlanStore.FindAsync(transaction, campaignId))!;
        var zones = await PlanStore.ListZonesAsync(transaction, campaignId);
        return new PlanView
        {
            CampaignId = campaignId,
            Status = plan.Status,
            ComputedAt = plan.ComputedAt,
            Tzdb = plan.Tzdb,
            Recipients = plan.Recipients,
            Joined = plan.Joined,
            Excluded = new PlanExclusions(plan.ExcludedSuppressed, plan.ExcludedNoConsent, plan.ExcludedUnsureZone),
            Capped = PlanCapped.Of(plan),
            ZoneSources = JsonSerializer.Deserialize<Dictionary<string, long>>(plan.ZoneSourcesJson)!,
            BestTime = PlanArms.Of(zones),
            Moves = moves,
            Passed = [.. PassedSummary.Of([.. zones.Select(z => (z.ToZonePlan(), z.Recipients))]).Select(PlanPassed.Of)],
            Instants = [.. zones.GroupBy(z => (z.DueAt, z.WaveId)).Select(i => PlanInstant.Of([.. i]))],
        };
    }
}

/// <summary>People of the audience who have no delivery.</summary>
/// <param name="Suppressed">Their address or domain is suppressed.</param>
/// <param name="NoConsent">They have not consented; somebody suppressed isn't counted here again.</param>
/// <param name="UnsureZone">Their zone is only guessed, and the schedule's <c>unsure_zone</c> skips those.</param>
public sealed record PlanExclusions(long Suppressed, long NoConsent, long UnsureZone);

/// <summary>Recipients who are expected to have had as many messages as they may.</summary>
/// <param name="FrequencyCap">By the frequency cap of the campaign or of its tenant.</param>
/// <param name="FrequencyWish">By their own <c>max_frequency</c>; somebody at the cap isn't counted here again.</param>
/// <param name="WhenCapped">What would become of them: <c>skip</c>, they aren't sent it; or <c>next_day</c>.</param>
public sealed record PlanCapped(long FrequencyCap, long FrequencyWish, string WhenCapped)
{
    internal static PlanCapped? Of(Plan plan) =>
        plan.WhenCappedWord is { } then ? new(plan.CappedByCap!.Value, plan.CappedByWish!.Value, then) : null;
}

/// <summary>How the hours of a plan with <c>best_time</c> were found.</summary>
/// <param name="Learned">How many get what is best for them by all that is known.</param>
/// <param name="Explored">How many try an hour that has seldom been tried.</param>
/// <param name="Holdout">How many get the fixed hour, so that the gain can be measured.</param>
public sealed record PlanArms(long Learned, long Explored, long Holdout)
{
    internal static PlanArms? Of(IReadOnlyCollection<PlanZone> zones)
    {
        return zones.Any(z => z.ArmWord is not null) ? new(Count(BestTimeArm.Learned), Count(BestTimeArm.Explored), Count(BestTimeArm.Holdout)) : null;

        long Count(BestTimeArm arm) => zones.Where(z => z.ArmWord == arm.Word()).Sum(z => z.Recipients);
    }
}

/// <summary>People whose moment has passed.</summary>
public sealed record PlanPassed
{
    /// <summary>What becomes of them: <c>at_once</c>, <c>next_day</c> or <c>missed</c>.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>How many they are.</summary>
    public long Recipients { get; init; }

    /// <summary>Their IANA zones, the one with most of them first.</summary>
    public IReadOnlyList<string> TimeZones { get; init; } = [];

    /// <summary>The same for a person to read.</summary>
    /// <example>312 people in Auckland and Sydney have passed 10:00: next day</example>
    public string Sentence { get; init; } = "";

    internal static PlanPassed Of(PassedSummary summary) => new()
    {
        Outcome = summary.Outcome.Word(),
        Recipients = summary.Recipients,
        TimeZones = summary.TimeZones,
        Sentence = summary.Sentence,
    };
}

/// <summary>One instant of a plan.</summary>
public sealed record PlanInstant
{
    /// <summary>The instant; null where it is the moment of launch, still ahead.</summary>
    public Instant? DueAt { get; init; }

    /// <summary>How many people get it then.</summary>
    public long Recipients { get; init; }

    /// <summary>The wave of this instant; null where its people are skipped.</summary>
    public Guid? WaveId { get; init; }

    /// <summary><c>waiting</c>, <c>running</c> or <c>done</c>; null without a wave.</summary>
    public string? WaveStatus { get; init; }

    /// <summary>The Hangfire job that opens the wave, once launched.</summary>
    public string? JobId { get; init; }

    /// <summary>The zones whose people get it then.</summary>
    public IReadOnlyList<PlanInstantZone> Zones { get; init; } = [];

    internal static PlanInstant Of(IReadOnlyList<PlanZone> zones) => new()
    {
        DueAt = zones[0].DueAt,
        Recipients = zones.Sum(z => z.Recipients),
        WaveId = zones[0].WaveId,
        WaveStatus = zones[0].WaveStatus,
        JobId = zones[0].JobId,
        Zones = [.. zones.GroupBy(z => (z.TimeZone, z.LocalTime, z.AdjustmentWord, z.Missed)).Select(z => PlanInstantZone.Of([.. z]))],
    };
}

/// <summary>One zone at an instant of a plan.</summary>
public sealed record PlanInstantZone
{
    private static readonly NodaTime.Text.LocalDateTimePattern ToTheMinute = NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    /// <summary>IANA time zone.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>The local time that the rule asks for, <c>yyyy-MM-ddTHH:mm</c>; null where it is the moment of launch.</summary>
    /// <example>2026-11-27T10:00</example>
    public string? Local { get; init; }

    /// <summary>Why the instant isn't simply that local time: <c>none</c>, <c>gap</c>, <c>overlap</c>, <c>passed</c>, <c>quiet_hours</c> or <c>allowed_days</c>.</summary>
    public string Adjustment { get; init; } = "none";

    /// <summary>How many people are in this zone.</summary>
    public long Recipients { get; init; }

    /// <summary>True where their moment had passed and the schedule skips them: they don't get it.</summary>
    public bool Missed { get; init; }

    // People of one zone whose countries have different holidays, or of several slots that quiet hours brought together.
    internal static PlanInstantZone Of(IReadOnlyList<PlanZone> alike) => new()
    {
        TimeZone = alike[0].TimeZone,
        Local = Format(alike[0].LocalTime),
        Adjustment = alike[0].AdjustmentWord,
        Recipients = alike.Sum(z => z.Recipients),
        Missed = alike[0].Missed,
    };

    internal static string? Format(LocalDateTime? local) => local is { } time ? ToTheMinute.Format(time) : null;
}

using System.Diagnostics.CodeAnalysis;
using CampaignHub.Core.Scheduling.BestHours;
using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>When a campaign is to be sent: one of the strategies, with exactly the fields that count for it.</summary>
/// <param name="FallbackTimeZone">The IANA zone of recipients who have none; null: the tenant's.</param>
public abstract record Schedule(string? FallbackTimeZone)
{
    /// <summary>When it may arrive, without the holidays of a country: those are the tenant's.</summary>
    public AllowedTimes Allowed { get; init; } = AllowedTimes.Always;

    /// <summary>Over how many minutes people are spread; null: all of a zone at one instant.</summary>
    public SendWindow? Window { get; init; }

    /// <summary>How many messages an hour may be handed over, over all nodes; null: as many as its relays take.</summary>
    public int? Rate { get; init; }

    /// <summary>How often its people are mailed at most, instead of the tenant's cap; null: the tenant's.</summary>
    public FrequencyCap? FrequencyCap { get; init; }

    /// <summary>What is done with people whose zone is only guessed from a country with several.</summary>
    public UnsureZone UnsureZone { get; init; }

    /// <summary>Which strategy this is.</summary>
    public abstract Strategy Strategy { get; }

    /// <summary>The rule in a few stable words, kept on each delivery: <c>now</c>, <c>instant</c>, <c>local_time 10:00</c>.</summary>
    public abstract string Rule { get; }

    /// <summary>The schedule as JSON shows it, defaults filled in; <see cref="TryCreate"/> takes it back unchanged.</summary>
    public ScheduleInput ToInput() => StrategyInput() with
    {
        FallbackTimeZone = FallbackTimeZone,
        AllowedHours = Allowed.Hours is { } hours ? ScheduleFormats.FormatHours(hours) : null,
        AllowedDays = Allowed.Days is { } days ? [.. days.ToList().Select(day => day.Word())] : null,
        Window = Window is { } window ? ScheduleFormats.FormatLength(window.Length) : null,
        Rate = Rate,
        FrequencyCap = FrequencyCap?.ToInput(),
        UnsureZone = UnsureZone == UnsureZone.MostPopulous ? null : UnsureZone.Word(),
    };

    private protected abstract ScheduleInput StrategyInput();

    /// <summary>Reads what a caller sent. Each fault adds an error whose path begins with <c>schedule</c>.</summary>
    /// <returns>True with a schedule and no error added, or false with at least one error.</returns>
    public static bool TryCreate(
        ScheduleInput input, [NotNullWhen(true)] out Schedule? schedule, ICollection<FieldError> errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        var before = errors.Count;
        var read = new ScheduleReader(input, errors).Read();
        schedule = errors.Count == before ? read : null;
        return schedule is not null;
    }
}

/// <summary>Strategy <c>now</c>: due at the moment of launch.</summary>
public sealed record NowSchedule(string? FallbackTimeZone) : Schedule(FallbackTimeZone)
{
    /// <inheritdoc/>
    public override Strategy Strategy => Strategy.Now;

    /// <inheritdoc/>
    public override string Rule => Strategy.Word();

    private protected override ScheduleInput StrategyInput() => new() { Strategy = Rule };
}

/// <summary>Strategy <c>instant</c>: one instant in every zone.</summary>
/// <param name="At">The instant.</param>
/// <param name="Passed">What happens when it has passed.</param>
/// <param name="FallbackTimeZone">See <see cref="Schedule"/>.</param>
public sealed record InstantSchedule(Instant At, PassedRule Passed, string? FallbackTimeZone = null)
    : Schedule(FallbackTimeZone)
{
    /// <inheritdoc/>
    public override Strategy Strategy => Strategy.Instant;

    /// <inheritdoc/>
    public override string Rule => Strategy.Word();

    private protected override ScheduleInput StrategyInput() => new()
    {
        Strategy = Strategy.Word(),
        At = ScheduleFormats.At.Format(At),
        WhenPassed = Passed.WhenPassed.Word(),
        Grace = ScheduleFormats.FormatLength(Passed.Grace),
    };
}

/// <summary>Strategy <c>local_time</c>: a clock reading in each recipient's own zone.</summary>
/// <param name="Date">The date there; null: the next day, in each zone, on which that time is still ahead.</param>
/// <param name="Time">The time there, in whole minutes.</param>
/// <param name="Passed">What happens where it has passed.</param>
/// <param name="FallbackTimeZone">See <see cref="Schedule"/>.</param>
public sealed record LocalTimeSchedule(
    LocalDate? Date, LocalTime Time, PassedRule Passed, string? FallbackTimeZone = null) : Schedule(FallbackTimeZone)
{
    /// <inheritdoc/>
    public override Strategy Strategy => Strategy.LocalTime;

    /// <inheritdoc/>
    public override string Rule => $"{Strategy.Word()} {ScheduleFormats.Time.Format(Time)}";

    private protected override ScheduleInput StrategyInput() => new()
    {
        Strategy = Strategy.Word(),
        Date = Date is { } date ? ScheduleFormats.Date.Format(date) : null,
        Time = ScheduleFormats.Time.Format(Time),
        WhenPassed = Passed.WhenPassed.Word(),
        Grace = ScheduleFormats.FormatLength(Passed.Grace),
    };
}

/// <summary>Strategy <c>best_time</c>: each recipient's own best hour, in their own zone.</summary>
/// <param name="Date">The date there; null: the next day, in each zone, on which that hour is still ahead.</param>
/// <param name="Hours">The fixed hour, and who gets it.</param>
/// <param name="Passed">What happens where the hour has passed.</param>
/// <param name="FallbackTimeZone">See <see cref="Schedule"/>.</param>
public sealed record BestTimeSchedule(
    LocalDate? Date, BestTimeRule Hours, PassedRule Passed, string? FallbackTimeZone = null) : Schedule(FallbackTimeZone)
{
    /// <inheritdoc/>
    public override Strategy Strategy => Strategy.BestTime;

    /// <inheritdoc/>
    public override string Rule => Strategy.Word();

    /// <summary>The whole hours that are allowed, each at its first minute: at least one.</summary>
    public IEnumerable<int> AllowedHoursOfDay => Enumerable.Range(0, 24).Where(hour => Allowed.Hours?.Contains(new LocalTime(hour, 0)) != false);

    private protected override ScheduleInput StrategyInput() => new()
    {
        Strategy = Strategy.Word(),
        Date = Date is { } date ? ScheduleFormats.Date.Format(date) : null,
        Time = ScheduleFormats.Time.Format(new LocalTime(Hours.FixedHour, 0)),
        Holdout = Hours.HoldoutPercent,
        Explore = Hours.ExplorePercent,
        WhenPassed = Passed.WhenPassed.Word(),
        Grace = ScheduleFormats.FormatLength(Passed.Grace),
    };
}

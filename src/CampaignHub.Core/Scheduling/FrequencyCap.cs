using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>What happens to a delivery whose person has had as many messages as the cap allows.</summary>
public enum WhenCapped
{
    /// <summary>It isn't sent: <c>suppressed</c> with the reason <c>frequency_cap</c>.</summary>
    Skip,

    /// <summary>It waits for the same local time of the next allowed day, and is looked at again then.</summary>
    NextDay,
}

/// <summary>How often a person is mailed at most, whatever the campaign: of one tenant, in any stretch of time so long.</summary>
/// <param name="Messages">So many, 1 to 1,000.</param>
/// <param name="Per">In this time, an hour to 31 days, counted back from the moment of sending.</param>
/// <param name="WhenCapped">What becomes of one more.</param>
public sealed record FrequencyCap(int Messages, Duration Per, WhenCapped WhenCapped)
{
    private const int MostMessages = 1_000;

    private static readonly Duration s_shortest = Duration.FromHours(1);
    private static readonly Duration s_longest = Duration.FromDays(31);

    /// <summary>The cap as JSON shows it.</summary>
    public FrequencyCapInput ToInput() => new() { Messages = Messages, Per = ScheduleFormats.FormatLength(Per), WhenCapped = WhenCapped.Word() };

    /// <summary>Reads what a caller sent. Each fault adds an error whose path begins with the given one.</summary>
    public static bool TryCreate(FrequencyCapInput input, string path, [NotNullWhen(true)] out FrequencyCap? cap, ICollection<FieldError> errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        var before = errors.Count;
        if (input.Messages is not (>= 1 and <= MostMessages))
            Fault("messages", input.Messages is null ? "required" : "out_of_range", $"Say how many messages a person gets at most, 1 to {MostMessages:N0}.");
        var per = input.Per is null ? null : ScheduleFormats.ParseLength(input.Per);
        if (per is null)
            Fault("per", input.Per is null ? "required" : "invalid", "Say in which time, as an ISO 8601 duration such as PT16H.");
        else if (per < s_shortest || per > s_longest)
            Fault("per", "out_of_range", "The time is between PT1H and P31D.");
        var then = input.WhenCapped is null ? Scheduling.WhenCapped.Skip : WireWords.Parse<WhenCapped>(input.WhenCapped);
        if (then is null)
            Fault("when_capped", "invalid", $"'{input.WhenCapped}' is none of {string.Join(", ", WireWords.All<WhenCapped>())}.");
        cap = errors.Count == before ? new FrequencyCap(input.Messages!.Value, per!.Value, then!.Value) : null;
        return cap is not null;

        void Fault(string field, string code, string message) => errors.Add(new FieldError(path.Length == 0 ? field : $"{path}.{field}", code, message));
    }
}

/// <summary>A frequency cap as JSON carries it: not yet judged.</summary>
public sealed record FrequencyCapInput
{
    /// <summary>How many messages a person gets at most, 1 to 1,000; required.</summary>
    /// <example>1</example>
    public int? Messages { get; init; }

    /// <summary>In which time, counted back from the moment of sending: an ISO 8601 duration from PT1H to P31D; required.</summary>
    /// <example>PT16H</example>
    public string? Per { get; init; }

    /// <summary>What becomes of one more: <c>skip</c> (the default) or <c>next_day</c>, the same local time of the next allowed day.</summary>
    public string? WhenCapped { get; init; }
}

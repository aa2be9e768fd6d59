using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>Judges what limits and spreads, the same for every strategy: allowed hours and days, the window, the rate and the frequency cap.</summary>
internal sealed class ScheduleLimitsReader(ScheduleInput input, ICollection<FieldError> errors)
{
    private const int MostAnHour = 10_000_000;

    internal (AllowedTimes Allowed, SendWindow? Window, int? Rate, FrequencyCap? Cap) Read()
    {
        var hours = input.AllowedHours is { } given ? ReadHours(given) : null;
        var days = input.AllowedDays is { } words ? ReadDays(words) : null;
        var window = input.Window is { } text ? ReadWindow(text) : null;
        if (window is { } w && hours is { } h && w.Length > h.Length)
            NoteTooWide(h);
        if (input.Rate is < 1 or > MostAnHour)
            Fault("rate", "out_of_range", $"The rate is 1 to {MostAnHour:N0} messages an hour.");
        FrequencyCap? cap = null;
        if (input.FrequencyCap is { } often)
            FrequencyCap.TryCreate(often, "schedule.frequency_cap", out cap, errors);
        return (new AllowedTimes { Hours = hours, Days = days }, window, input.Rate, cap);
    }

    private AllowedHours? ReadHours(AllowedHoursInput given)
    {
        var from = ReadTime("allowed_hours.from", given.From);
        var to = ReadTime("allowed_hours.to", given.To);
        if (from is null || to is null)
            return null;
        if (from != to)
            return new AllowedHours(from.Value, to.Value);
        Contradiction("allowed_hours.from", "allowed_hours.from and allowed_hours.to are the same time: no hour is allowed. Leave allowed_hours out for all hours.");
        Contradiction("allowed_hours.to", "allowed_hours.to and allowed_hours.from are the same time: no hour is allowed. Leave allowed_hours out for all hours.");
        return null;
    }

    private LocalTime? ReadTime(string field, string? text)
    {
        if (text is null)
            Fault(field, "required", "Allowed hours have both: from, the first allowed time, and to, the first that no longer is.");
        else if (ScheduleFormats.Time.Parse(text).TryGetValue(default, out var time))
            return time;
        else
            Fault(field, "invalid", $"'{text}' is not a time of day from 00:00 to 23:59 such as 08:00.");
        return null;
    }

    private Weekdays? ReadDays(string?[] words)
    {
        if (words.Length == 0)
            Fault("allowed_days", "empty", "No day is left on which it may be sent: name one at least, or leave allowed_days out for all.");
        var days = words.Select((word, i) => ReadDay(word ?? "", i)).ToList();
        return days.Count == 0 || days.Contains(null) ? null : Weekdays.Of(days.Select(day => day!.Value));
    }

    private Weekday? ReadDay(string word, int place)
    {
        var day = WireWords.Parse<Weekday>(word);
        if (day is null)
            Fault($"allowed_days[{place}]", "invalid", $"'{word}' is none of {string.Join(", ", WireWords.All<Weekday>())}.");
        return day;
    }

    private SendWindow? ReadWindow(string text)
    {
        var length = ScheduleFormats.ParseLength(text);
        if (length is null || length.Value.TotalMinutes % 1 != 0)
            Fault("window", "invalid", $"'{text}' is not an ISO 8601 duration in whole minutes, such as PT90M.");
        else if (length < Duration.FromMinutes(1) || length > Duration.FromMinutes(SendWindow.LongestMinutes))
            Fault("window", "out_of_range", "The window is between PT1M and PT12H.");
        else
            return new SendWindow((int)length.Value.TotalMinutes);
        return null;
    }

    private void NoteTooWide(AllowedHours hours)
    {
        var message = $"window and allowed_hours contradict each other: {input.Window} doesn't fit into "
            + $"{ScheduleFormats.Time.Format(hours.From)} to {ScheduleFormats.Time.Format(hours.To)}.";
        Contradiction("window", message);
        Contradiction("allowed_hours", message);
    }

    private void Contradiction(string field, string message) => Fault(field, "contradiction", message);

    private void Fault(string field, string code, string message) => errors.Add(new FieldError($"schedule.{field}", code, message));
}

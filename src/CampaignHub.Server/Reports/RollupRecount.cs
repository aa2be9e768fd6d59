using System.Globalization;
using CampaignHub.Core;
using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Events;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>
/// Counts a campaign's events one by one, in another way than the fold: what its roll-ups must come to. Takes them by
/// delivery, each delivery's in order of time, so that no more is held than the counters and one delivery's marks.
/// </summary>
internal sealed class RollupRecount
{
    private readonly HashSet<(HitKind Measure, HitView View)> _marks = [];
    private readonly HashSet<(int Link, HitView View)> _linkMarks = [];
    private Guid? _delivery;

    /// <summary>By dimension, key and column. What would be 0 isn't in it.</summary>
    public Dictionary<(string Dimension, string Key, string Counter), long> Counts { get; } = [];

    /// <summary>How many marks of first hits there must be, and of links.</summary>
    public (long Hits, long Links) Marks { get; private set; }

    public void Add(RecountedEvent happened)
    {
        if (happened.DeliveryId != _delivery)
        {
            _marks.Clear();
            _linkMarks.Clear();
            _delivery = happened.DeliveryId;
        }
        if (Counters.OfTypes.TryGetValue(happened.Type, out var counter))
            Count(happened, counter);
        if (counter == "accepted" && happened.Arm is { } arm)
            Count("arm", arm, counter);
        if (counter == "replies" && happened.SentAt is { } sentAt)
            Count("delay", Key(DelayScale.BucketOf((happened.At - sentAt).TotalSeconds)), counter);
        if (happened.Type == EventTypes.Bounced)
            Count(happened, happened.Class == "hard" ? "bounces_hard" : "bounces_soft");
        if (Counters.Measures.TryGetValue(happened.Type, out var measure) && happened.Class is not null && WireWords.Parse<HitClass>(happened.Class) is { } hitClass)
            foreach (var view in HitViews.All.Where(view => view.Counts(hitClass)))
                CountHit(happened, measure, view);
    }

    private void CountHit(RecountedEvent hit, HitKind measure, HitView view)
    {
        var counter = $"{measure.Word()}_{view.Word()}";
        Count(hit, $"{counter}_hits");
        CountOfHit(hit, $"{counter}_hits");
        if (hit.LinkIndex is { } link)
        {
            Count("link", Key(link), $"{counter}_hits");
            if (hit.DeliveryId is not null && _linkMarks.Add((link, view)))
            {
                Count("link", Key(link), $"{counter}_unique");
                Marks = Marks with { Links = Marks.Links + 1 };
            }
        }
        if (hit.DeliveryId is null || !_marks.Add((measure, view)))
            return;
        Marks = Marks with { Hits = Marks.Hits + 1 };
        Count(hit, $"{counter}_unique");
        CountOfHit(hit, $"{counter}_unique");
        if (hit.SentAt is not { } sentAt)
            return;
        Count("delay", Key(DelayScale.BucketOf((hit.At - sentAt).TotalSeconds)), $"{counter}_unique");
        if (hit.Arm is { } arm && hit.At < sentAt + Duration.FromHours(24))
            Count("arm", arm, $"{counter}_unique");
    }

    private void CountOfHit(RecountedEvent hit, string counter)
    {
        var (device, client) = hit.HasHit ? HitAgents.Of(hit.UserAgent) : ("", "");
        Count("device", device, counter);
        Count("client", client, counter);
    }

    private void Count(RecountedEvent happened, string counter)
    {
        Count("total", "", counter);
        Count(Quarters.Dimension, Quarters.KeyOf(happened.At), counter);
        Count("country", happened.Country ?? "", counter);
        Count("mail_domain", happened.MailDomain ?? "", counter);
        Count("time_zone", happened.TimeZone ?? "", counter);
        Count("local_hour", happened.LocalTime?.ToString("HH", CultureInfo.InvariantCulture) ?? "", counter);
        Count("local_weekday", happened.LocalTime?.ToString("ddd", CultureInfo.InvariantCulture).ToLowerInvariant() ?? "", counter);
    }

    private void Count(string dimension, string key, string counter) =>
        Counts[(dimension, key, counter)] = Counts.GetValueOrDefault((dimension, key, counter)) + 1;

    private static string Key(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An event with all that it is counted by.</summary>
internal sealed record RecountedEvent
{
    public Guid CampaignId { get; init; }
    public Guid? DeliveryId { get; init; }
    public string Type { get; init; } = "";
    public string? Class { get; init; }
    public Instant At { get; init; }
    public int? LinkIndex { get; init; }
    public bool HasHit { get; init; }
    public string? UserAgent { get; init; }
    public string? Country { get; init; }
    public string? MailDomain { get; init; }
    public Instant? SentAt { get; init; }
    public string? TimeZone { get; init; }
    public string? Arm { get; init; }
    public LocalDateTime? LocalTime { get; init; }
}

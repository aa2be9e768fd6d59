using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;

namespace CampaignHub.Server.Events;

/// <summary>Where to read on in the feed.</summary>
public sealed class ReadEventsRequest
{
    /// <summary>The <c>next_cursor</c> of the page before; from the beginning without it.</summary>
    public string? After { get; set; }

    /// <summary>Only events of this type.</summary>
    public string? Type { get; set; }

    /// <summary>How many events at the most: 1 to 200, 50 unless given.</summary>
    [Range(1, PageRequest.MaxLimit), DefaultValue(PageRequest.DefaultLimit)] // For the description; Cursors checks it.
    public int? Limit { get; set; }
}

/// <summary>A page of the feed.</summary>
/// <param name="Data">The events, in the log's order.</param>
/// <param name="NextCursor">Give it as <c>after</c> to read on, now or later: it is there also when <c>data</c> is empty.</param>
public sealed record EventPage(IReadOnlyList<EventView> Data, string NextCursor);

/// <summary>
/// The feed of everything that happened, in the order in which it was recorded. Whoever keeps the cursor sees each
/// event once and misses none, also of writers whose commits come late.
/// </summary>
internal sealed class ReadEvents(Cursors cursors) : ApiEndpoint<ReadEventsRequest, EventPage>
{
    private const string List = "events";

    public override void Configure()
    {
        Get("/v1/events");
        Access(Scope.ReportsRead);
        Summary(s => s.Summary = "Read the feed of events");
    }

    protected override async Task<Answer<EventPage>> AnswerAsync(ReadEventsRequest request, TenantTransaction transaction)
    {
        var limit = Cursors.LimitOf(request.Limit);
        var after = request.After is null ? 0 : Parse(cursors.Open(request.After, transaction.TenantId, List, "after"));
        var through = await EventFeed.LastSequenceAsync(transaction);
        var events = await EventFeed.ReadAsync(transaction, after, through, request.Type, limit);
        // A page that isn't full has seen the whole log, whatever the type: the next one needn't look at it again.
        var next = events.Count == limit ? events[^1].Sequence : Math.Max(after, through);
        return new EventPage(events, cursors.Seal(next.ToString(CultureInfo.InvariantCulture), transaction.TenantId, List));
    }

    private static long Parse(string sequence) => long.Parse(sequence, CultureInfo.InvariantCulture);

    internal sealed class Rules : Validator<ReadEventsRequest>
    {
        public Rules() => RuleFor(r => r.Type).OneOf(EventTypes.All);
    }
}

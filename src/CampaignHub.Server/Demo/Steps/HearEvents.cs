using CampaignHub.Server.Demo.Client;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>What the endpoint heard, and what there was to hear.</summary>
/// <param name="Events">The ids of all events in the service's log.</param>
/// <param name="Believed">How often each message came to the endpoint and was believed, by its id.</param>
/// <param name="Refused">Calls that it didn't believe.</param>
internal sealed record WhatWasHeard(IReadOnlyList<string> Events, IReadOnlyDictionary<string, int> Believed, int Refused);

/// <summary>The service's log of events is read, and the endpoint has heard of each.</summary>
internal static class HearEvents
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task<WhatWasHeard> RunAsync(Play play)
    {
        var endpoint = play.Stage.Endpoint;
        List<string> events = [];
        var cursor = "";
        await Waiting.LookAsync(
            async () =>
            {
                cursor = await ReadOnAsync(play, cursor, events);
                return endpoint.Believed;
            },
            believed => events.TrueForAll(believed.ContainsKey), s_patience, play.Interrupted);
        play.Printer.Say($"The endpoint was told of {Printing.Words.Number(endpoint.Believed.Count)} events by signed webhooks, of {Printing.Words.Number(events.Count)} in the log.");
        return new WhatWasHeard(events, endpoint.Believed, endpoint.Refused);
    }

    private static async Task<string> ReadOnAsync(Play play, string cursor, List<string> events)
    {
        while (true)
        {
            var page = await play.Hub.GetAsync<EventPage>($"/v1/events?limit=200{(cursor.Length == 0 ? "" : $"&after={cursor}")}", play.Interrupted);
            events.AddRange(page.Data.Select(happened => happened.Id.ToString()));
            cursor = page.NextCursor;
            if (page.Data.Count < 200)
                return cursor;
        }
    }
}

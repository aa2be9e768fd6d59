using System.Globalization;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>Something that stands against a launch, or is worth knowing before it.</summary>
/// <param name="Code">A stable word: <c>no_relay</c>, <c>nobody_consented</c> and so on.</param>
/// <param name="Count">How many people, relays or links it concerns; 0 where nothing is counted.</param>
/// <param name="Message">What is the matter, in a sentence.</param>
/// <param name="Fix">The call that mends it.</param>
public sealed record ReadinessFinding(string Code, long Count, string Message, string Fix);

/// <summary>Whether a campaign can be launched.</summary>
/// <param name="Ready">True where no blocker stands.</param>
/// <param name="Blockers">On these, launch answers 409.</param>
/// <param name="Warnings">Launch goes on in spite of these.</param>
public sealed record Readiness(bool Ready, IReadOnlyList<ReadinessFinding> Blockers, IReadOnlyList<ReadinessFinding> Warnings);

/// <summary>Finds all that stands against a launch, so that nobody learns it from a silent empty campaign.</summary>
public sealed class CampaignReadiness(PublicUrl publicUrl, SenderRule rule, IHostEnvironment environment, IClock clock)
{
    /// <param name="transaction">The tenant's.</param>
    /// <param name="campaign">Which one.</param>
    /// <param name="peopleArePlanned">A plan stands that reaches somebody: the audience, which may be a million people, isn't looked at again.</param>
    internal async Task<Readiness> OfAsync(TenantTransaction transaction, Campaign campaign, bool peopleArePlanned = false)
    {
        List<ReadinessFinding> blockers = [], warnings = [];
        CheckContent(campaign, await CampaignContent.ResolveAsync(transaction, campaign), blockers, warnings);
        if (campaign.FromEmail is { } from)
            await CheckSenderAsync(transaction, from, rule.MustBeVerified ? blockers : warnings);
        CheckRelays(await RelayStore.CountAsync(transaction), blockers, warnings);
        if (!peopleArePlanned)
            await CheckAudienceAsync(transaction, campaign, blockers, warnings);
        if (!publicUrl.IsPublicHttps)
            (environment.IsProduction() ? blockers : warnings).Add(new("public_url", 0,
                $"Tracking and unsubscribe links begin with {publicUrl.Value}, which is no public https address: readers elsewhere can't follow them.",
                "The operator sets CampaignHub__PublicUrl, such as https://mail.shop.example."));
        return new Readiness(blockers.Count == 0, blockers, warnings);
    }

    private static void CheckContent(
        Campaign campaign, ResolvedContent content, List<ReadinessFinding> blockers, List<ReadinessFinding> warnings)
    {
        var change = $"PATCH /v1/campaigns/{campaign.CampaignId}";
        if (content.Subject is null)
            blockers.Add(new("no_subject", 0, "The campaign has no subject yet.", $$"""{{change}} {"subject": "…"}"""));
        if (content.Html is null)
            blockers.Add(new("no_html", 0, "The campaign has no content yet.", $$"""{{change}} {"html": "…"} or {"template_id": "…"}"""));
        if (campaign.FromEmail is null)
            blockers.Add(new("no_from", 0, "The campaign has no sender yet.", $$$"""{{{change}}} {"from": {"name": "…", "email": "…"}}"""));
        if (campaign.Schedule is null)
            blockers.Add(new("no_schedule", 0, "The campaign has no schedule yet.",
                $$$"""{{{change}}} {"schedule": {"strategy": "local_time", "time": "10:00"}}"""));
        if (campaign.TrackClicks && content.Missing is null)
            warnings.AddRange(content.Prepare(new PreparingOptions()).Warnings.Select(w =>
                new ReadinessFinding(w.Code, 1, ContentFaults.Describe(w), $$"""{{change}} {"html": "…"}""")));
    }

    private static async Task CheckSenderAsync(TenantTransaction transaction, string from, List<ReadinessFinding> findings)
    {
        var domain = from[(from.LastIndexOf('@') + 1)..];
        var nearest = await DomainStore.FindNearestAsync(transaction, domain);
        if (nearest?.VerifiedAt is null)
            findings.Add(new("from_not_verified", 0, $"The sender {from} is not on a verified sending domain of yours.", nearest is null
                ? $$"""POST /v1/domains {"name": "{{domain}}", "kind": "sending"}, publish its records, then POST /v1/domains/{id}/verify"""
                : $"POST /v1/domains/{nearest.DomainId}/verify, once the records of {nearest.Name} are published"));
    }

    private static void CheckRelays(RelayCount relays, List<ReadinessFinding> blockers, List<ReadinessFinding> warnings)
    {
        const string Mend = "POST /v1/relays/{id}/check, after a PATCH that mends it";
        if (relays.All == 0)
            blockers.Add(new("no_relay", 0, "There is no relay to hand mail to.", """POST /v1/relays {"name": "…", "host": "…"}"""));
        else if (relays.Enabled == 0)
            blockers.Add(new("no_relay", 0, "No relay is enabled.", """PATCH /v1/relays/{id} {"enabled": true}"""));
        else if (relays.Enabled == relays.Paused)
            blockers.Add(new("no_relay", relays.Paused, $"Every enabled relay is paused. {relays.PausedWhy}", Mend));
        else if (relays.Paused > 0)
            warnings.Add(new("relay_paused", relays.Paused, $"A relay is paused, and mail leaves through the others. {relays.PausedWhy}", Mend));
        if (relays.NeverChecked > 0)
            warnings.Add(new("relay_never_checked", relays.NeverChecked, "A relay has never been checked as it is set now.", "POST /v1/relays/{id}/check"));
        if (relays.Failed > 0)
            warnings.Add(new("relay_check_failed", relays.Failed, "A relay failed when it was last checked.", "POST /v1/relays/{id}/check"));
    }

    private async Task CheckAudienceAsync(
        TenantTransaction transaction, Campaign campaign, List<ReadinessFinding> blockers, List<ReadinessFinding> warnings)
    {
        var now = clock.GetCurrentInstant();
        CheckAudience(campaign, await AudienceCount.OfAsync(transaction, campaign.Audience, now), blockers, warnings);
        if (await UnsureCountries.FaultAsync(transaction, campaign, now) is { } fault)
            blockers.Add(new("zones_never_allowed", 0, fault, $$$"""PATCH /v1/campaigns/{{{campaign.CampaignId}}} {"schedule": {"unsure_zone": "most_populous", …}}"""));
    }

    private static void CheckAudience(
        Campaign campaign, AudienceCount people, List<ReadinessFinding> blockers, List<ReadinessFinding> warnings)
    {
        var list = campaign.Audience.ListIds is [var first, ..] ? first.ToString() : "…";
        var import = $"POST /v1/imports?list_id={list}&consent=granted&consent_source=…";
        if (campaign.Audience.ListIds.Length + campaign.Audience.SegmentIds.Length == 0)
            blockers.Add(new("empty_audience", 0, "The campaign has no audience yet.",
                $$$"""PATCH /v1/campaigns/{{{campaign.CampaignId}}} {"audience": {"list_ids": ["…"]}}"""));
        else if (people.Members == 0)
            blockers.Add(new("empty_audience", 0, "Nobody is in the campaign's audience.", import));
        else if (people.Consented == 0)
            blockers.Add(new("nobody_consented", people.Members, string.Create(CultureInfo.InvariantCulture,
                $"None of the {people.Members:N0} people in the audience has consented: nobody would be mailed."), import));
        else if (people.Consented < people.Members)
            warnings.Add(new("no_consent", people.Members - people.Consented, string.Create(CultureInfo.InvariantCulture,
                $"{people.Members - people.Consented:N0} of {people.Members:N0} people haven't consented and are left out."), import));
        if (campaign.Schedule is LocalTimeSchedule or BestTimeSchedule && people.ZoneGuessed * 5 > people.Consented)
            warnings.Add(new("zones_guessed", people.ZoneGuessed, string.Create(CultureInfo.InvariantCulture,
                $"The time zone of {people.ZoneGuessed:N0} of {people.Consented:N0} people is guessed or the fallback: they may get it at another hour."),
                $"POST /v1/imports?list_id={list} with a column time_zone, country or region"));
    }
}

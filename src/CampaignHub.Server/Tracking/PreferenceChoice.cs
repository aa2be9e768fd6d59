using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Pages;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>What somebody chose on the page of their preferences. What they left as it was isn't in it: an inferred zone stays inferred.</summary>
internal sealed record PreferenceChoice
{
    public const string List = "list";

    /// <summary>Lists that the page showed, so that nobody leaves one that they didn't see.</summary>
    public const string Offered = "offered";

    public const string Frequency = "frequency";
    public const string TimeZone = "time_zone";
    public const string Language = "language";

    /// <summary>The frequency of who wants every mail.</summary>
    public const string EveryMail = "every";

    private static readonly HashSet<string> s_zones = [.. TimeZones.Places];

    private readonly RecipientChange _change = new();
    private Guid[] _joined = [];
    private Guid[] _left = [];

    private PreferenceChoice()
    {
    }

    /// <summary>The choice, or the names of the fields that can't be what a page of theirs posts. A field that isn't there changes nothing.</summary>
    public static (PreferenceChoice? Choice, IReadOnlySet<string> Faults) Read(PostedForm form, Preferences now)
    {
        var choice = new PreferenceChoice();
        HashSet<string> faults = [];
        choice.ReadLists(form, now, faults);
        var person = now.Person;
        if (Changed(Frequency, person.MaxFrequency ?? EveryMail, word => word == EveryMail || WireWords.Parse<MaxFrequency>(word) is not null) is { } frequency)
            choice._change.MaxFrequency = frequency == EveryMail ? null : frequency;
        if (Changed(TimeZone, person.TimeZone ?? "", s_zones.Contains) is { } zone)
            choice._change.TimeZone = zone;
        if (Changed(Language, now.Language, tag => PageLanguage.All.Any(language => language.Tag == tag)) is { } locale)
            choice._change.Locale = locale;
        return (faults.Count == 0 ? choice : null, faults);

        string? Changed(string field, string current, Func<string, bool> isOffered)
        {
            switch (form.All(field))
            {
                case []:
                    return null;
                case [var value] when value == current:
                    return null;
                case [var value] when isOffered(value):
                    return value;
            }
            faults.Add(field);
            return null;
        }
    }

    /// <summary>Writes it. The person is locked.</summary>
    public async Task ApplyAsync(TenantTransaction transaction, Recipient person, KeyRing keyRing, Instant now)
    {
        if (_change.MaxFrequency.IsSet || _change.TimeZone.IsSet || _change.Locale.IsSet)
        {
            var changed = new RecipientEdit(_change, keyRing, transaction.TenantId, now).ApplyTo(person);
            await RecipientStore.UpdateAsync(transaction, changed with { Chosen = [.. changed.Chosen, .. Chosen()] });
        }
        // One that was removed just now is there no more to be joined or left.
        var held = await ListStore.HoldAsync(transaction, [.. _joined, .. _left]);
        await ListStore.JoinAsync(transaction, person.RecipientId, [.. _joined.Where(held.Contains)], now);
        await ListStore.LeaveAsync(transaction, person.RecipientId, [.. _left.Where(held.Contains)], now);
    }

    private IEnumerable<string> Chosen()
    {
        if (_change.Locale.IsSet)
            yield return ChosenFields.Locale;
        if (_change.TimeZone.IsSet)
            yield return ChosenFields.TimeZone;
    }

    private void ReadLists(PostedForm form, Preferences now, HashSet<string> faults)
    {
        var mayChoose = now.Lists.ToDictionary(list => list.Id.ToString());
        var chosen = form.All(List).ToHashSet();
        var offered = form.All(Offered).ToHashSet();
        if (!chosen.Concat(offered).All(mayChoose.ContainsKey))
            faults.Add(List);
        _joined = [.. mayChoose.Where(list => !list.Value.IsOn && chosen.Contains(list.Key)).Select(list => list.Value.Id)];
        _left = [.. mayChoose.Where(list => list.Value.IsOn && offered.Contains(list.Key) && !chosen.Contains(list.Key)).Select(list => list.Value.Id)];
    }
}

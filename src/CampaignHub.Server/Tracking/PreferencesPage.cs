using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Pages;
using CampaignHub.Server.Platform.Http;
using static CampaignHub.Server.Platform.Http.PublicPage;

namespace CampaignHub.Server.Tracking;

/// <summary>The page on which a person chooses what they get, how often, at whose hour and in which language; or that they get nothing more.</summary>
internal sealed class PreferencesPage(Preferences now, string token)
{
    private static readonly IReadOnlySet<string> s_noFaults = new HashSet<string>();

    private static readonly ILookup<string, string> s_regions = TimeZones.Places.ToLookup(zone => zone[..zone.IndexOf('/')]);

    public PublicPage Show(HttpContext context) => Page(LanguageOf(context, now.Person.Locale), "", s_noFaults);

    public PublicPage Saved(HttpContext context)
    {
        var language = LanguageOf(context, now.Person.Locale);
        return Page(language, $"<p role=\"status\">{Text(PageWords.Of(language).Saved)}</p>\n", s_noFaults);
    }

    public PublicPage Refuse(HttpContext context, IReadOnlySet<string> faults) => Page(LanguageOf(context, now.Person.Locale), "", faults);

    private PublicPage Page(PageLanguage language, string note, IReadOnlySet<string> faults)
    {
        var words = PageWords.Of(language);
        var heading = PageWords.With(words.PreferencesHeading, ("sender", now.SenderName));
        return new PublicPage(language, heading, $"""
            {note}<form method="post">
            {Lists(words, Fault(PreferenceChoice.List))}{Frequency(words, Fault(PreferenceChoice.Frequency))}
            <label for="zone">{Text(words.TimeZoneLabel)}</label>{Fault(PreferenceChoice.TimeZone)}
            <small id="zone-hint">{Text(words.TimeZoneHint)}</small>
            <select id="zone" name="{PreferenceChoice.TimeZone}" aria-describedby="zone-hint">{Zones()}
            </select>
            <label for="language">{Text(words.LanguageLabel)}</label>{Fault(PreferenceChoice.Language)}
            <select id="language" name="{PreferenceChoice.Language}">{Languages()}
            </select>
            <button type="submit">{Text(words.SaveButton)}</button>
            </form>
            <form class="aside" method="post" action="../{Text(token)}"><button type="submit">{Text(words.StopAll)}</button></form>
            """);

        string Fault(string field) => faults.Contains(field) ? $"<p class=\"fault\" role=\"alert\">{Text(words.InvalidValue)}</p>" : "";
    }

    private string Lists(PageWords words, string fault) => now.Lists.Count == 0 ? fault : $"""
        <fieldset><legend>{Text(words.ListsLabel)}</legend>{fault}{string.Concat(now.Lists.Select(list => $"""

        <label class="choice"><input type="checkbox" name="{PreferenceChoice.List}" value="{list.Id}"{When(list.IsOn, "checked")}><bdi>{Text(list.Name)}</bdi></label><input type="hidden" name="{PreferenceChoice.Offered}" value="{list.Id}">
        """))}
        </fieldset>

        """;

    private string Frequency(PageWords words, string fault)
    {
        (string Value, string Label)[] choices =
        [
            (PreferenceChoice.EveryMail, words.FrequencyEvery), (MaxFrequency.Daily.Word(), words.FrequencyDaily), (MaxFrequency.Weekly.Word(), words.FrequencyWeekly),
        ];
        return $"""
            <fieldset><legend>{Text(words.FrequencyLabel)}</legend>{fault}{string.Concat(choices.Select(choice => $"""

            <label class="choice"><input type="radio" name="{PreferenceChoice.Frequency}" value="{choice.Value}"{When(choice.Value == (now.Person.MaxFrequency ?? PreferenceChoice.EveryMail), "checked")}>{Text(choice.Label)}</label>
            """))}
            </fieldset>
            """;
    }

    /// <summary>One that isn't among those to choose, or none, stands before them and stays what it is unless they choose.</summary>
    private string Zones()
    {
        var own = now.Person.TimeZone ?? "";
        var regions = s_regions.Select(region =>
            $"\n<optgroup label=\"{Text(region.Key)}\">{string.Concat(region.Select(zone => Option(zone, zone[(region.Key.Length + 1)..].Replace('_', ' '), zone == own)))}\n</optgroup>");
        return (TimeZones.Places.Contains(own) ? "" : Option(own, own, true)) + string.Concat(regions);
    }

    private string Languages() =>
        (PageLanguage.All.Any(language => language.Tag == now.Language) ? "" : Option(now.Language, now.Language, true))
        + string.Concat(PageLanguage.All.Select(language => Option(language.Tag, language.Name, language.Tag == now.Language)));

    private static string Option(string value, string label, bool isSelected) =>
        $"\n<option value=\"{Text(value)}\"{When(isSelected, "selected")}>{Text(label.Length == 0 ? "–" : label)}</option>";

    private static string When(bool holds, string attribute) => holds ? " " + attribute : "";
}

using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace CampaignHub.Core.Pages;

/// <summary>
/// What public pages and the mails about them say, in one language: <c>Words/{tag}.json</c>, which must have each of these and nothing
/// else. A name in braces stands for a value (<see cref="With"/>).
/// </summary>
public sealed partial record PageWords
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    private static readonly FrozenDictionary<string, PageWords> s_all = PageLanguage.All.ToFrozenDictionary(language => language.Tag, Read);

    // Unsubscribing.
    public required string UnsubscribeHeading { get; init; }
    public required string UnsubscribeText { get; init; }
    public required string UnsubscribeButton { get; init; }
    public required string UnsubscribedHeading { get; init; }
    public required string UnsubscribedText { get; init; }

    /// <summary>The link from there to the preferences.</summary>
    public required string ChooseInstead { get; init; }

    // Preferences.
    public required string PreferencesHeading { get; init; }
    public required string ListsLabel { get; init; }
    public required string FrequencyLabel { get; init; }
    public required string FrequencyEvery { get; init; }
    public required string FrequencyDaily { get; init; }
    public required string FrequencyWeekly { get; init; }
    public required string TimeZoneLabel { get; init; }
    public required string TimeZoneHint { get; init; }
    public required string LanguageLabel { get; init; }
    public required string SaveButton { get; init; }
    public required string Saved { get; init; }
    public required string StopAll { get; init; }

    // Subscribing.
    public required string EmailLabel { get; init; }
    public required string FirstNameLabel { get; init; }
    public required string LastNameLabel { get; init; }
    public required string Optional { get; init; }
    public required string SubscribeButton { get; init; }

    /// <summary>Beside the field that only programs see.</summary>
    public required string LeaveEmpty { get; init; }

    public required string InvalidEmail { get; init; }
    public required string InvalidValue { get; init; }

    /// <summary>The form came too soon or too late after it was shown.</summary>
    public required string TryAgain { get; init; }

    public required string CheckMailHeading { get; init; }
    public required string CheckMailText { get; init; }

    // Confirming.
    public required string ConfirmHeading { get; init; }
    public required string ConfirmText { get; init; }
    public required string ConfirmButton { get; init; }
    public required string ConfirmedHeading { get; init; }
    public required string ConfirmedText { get; init; }
    public required string ExpiredHeading { get; init; }
    public required string ExpiredText { get; init; }
    public required string ToTheForm { get; init; }

    // The mail that asks to confirm.
    public required string MailSubject { get; init; }
    public required string ReminderSubject { get; init; }
    public required string MailText { get; init; }
    public required string MailButton { get; init; }
    public required string MailIgnore { get; init; }

    public static PageWords Of(PageLanguage language) => s_all[language.Tag];

    /// <summary>A sentence with its values in the places of their names. A value is never read for names itself.</summary>
    public static string With(string sentence, params IReadOnlyCollection<(string Name, string Value)> values) =>
        Place().Replace(sentence, place => values.FirstOrDefault(value => value.Name == place.Groups[1].Value).Value ?? place.Value);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Place();

    private static PageWords Read(PageLanguage language)
    {
        using var file = typeof(PageWords).Assembly.GetManifestResourceStream($"words/{language.Tag}.json")!;
        return JsonSerializer.Deserialize<PageWords>(file, s_json)!;
    }
}

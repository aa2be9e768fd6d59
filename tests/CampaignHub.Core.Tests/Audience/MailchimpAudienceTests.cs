using CampaignHub.Core.Audience;
using NodaTime;

namespace CampaignHub.Core.Tests.Audience;

public sealed class MailchimpAudienceTests
{
    private const string Subscribed =
        "Email Address,First Name,Last Name,Address,Phone Number,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS";

    private static readonly Instant OptIn = Instant.FromUtc(2025, 3, 4, 5, 6, 7);

    [Fact]
    public void A_subscribed_persons_row_has_consent_place_and_tags()
    {
        var row = Map(Subscribed, "ann@example.com", "Ann", "Lee", "1 Road", "+1 808 555 0142", "4", "2025-03-04 05:06:07", "192.0.2.1", "2025-03-04 05:10:00", "192.0.2.1",
            "21.3", "-157.8", "-10", "-10", "Pacific/Honolulu", "us", "hi", "2025-03-04 05:10:00", "17", "abc", "", "\"VIP\",\"a, \"\"b\"\"\",new");
        (row.FirstName, row.LastName, row.Phone, row.Country, row.Region).ShouldBe(("Ann", "Lee", "+1 808 555 0142", "US", "HI"));
        row.Zone.ShouldBe(new InferredZone("Pacific/Honolulu", ZoneSource.Given));
        (row.Consent, row.ConsentAt, row.IsConsentInferred).ShouldBe((ConsentStatement.Granted, OptIn, true));
        row.Attributes.ShouldBe("""
            {"address":"1 Road","member_rating":4,"optin_time":"2025-03-04 05:06:07","optin_ip":"192.0.2.1","confirm_time":"2025-03-04 05:10:00","confirm_ip":"192.0.2.1","last_changed":"2025-03-04 05:10:00","leid":"17","euid":"abc","tags":["VIP","a, \"b\"","new"],"consent_level":"confirmed_opt_in"}
            """);
    }

    [Theory]
    [InlineData("2025-03-04 05:06:07", "2025-03-04 05:06:07", "Granted", "single_opt_in")]
    [InlineData("2025-03-04 05:06:07", "", "Granted", "single_opt_in")]
    [InlineData("2025-03-04 05:06:07", "2025-03-05 00:00:00", "Granted", "confirmed_opt_in")]
    [InlineData("2025-03-04T05:06:07Z", "2025-03-05 00:00", "Granted", "confirmed_opt_in")]
    [InlineData("", "2025-03-04 05:06:07", "Silent", null)]          // added by the list's owner: the person said nothing
    [InlineData("0000-00-00 00:00:00", "", "Silent", null)]
    [InlineData("04.03.2025 05:06", "", "Silent", null)]              // no proof that can be read
    public void Opting_in_is_a_yes_and_being_added_is_silence(string optIn, string confirmed, string statement, string? level)
    {
        var row = Map("Email Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME", "ann@example.com", "2", optIn, confirmed);
        row.Consent.ToString().ShouldBe(statement);
        row.ConsentAt.ShouldBe(statement == "Granted" ? OptIn : null);
        LevelOf(row).ShouldBe(level);
    }

    [Theory]
    [InlineData("UNSUB_TIME", "2026-01-02 03:04:05", "Withdrawn", true, false)]
    [InlineData("UNSUB_TIME", "2 January", "Withdrawn", false, false)]
    [InlineData("UNSUB_TIME", "", "Silent", false, false)]
    [InlineData("CLEAN_TIME", "2026-01-02 03:04:05", "Unknown", false, true)]
    [InlineData("CLEAN_TIME", "", "Unknown", false, true)]
    [InlineData("UNSUB_TIME,CLEAN_TIME", ",2026-01-02 03:04:05", "Unknown", false, true)]
    [InlineData("UNSUB_TIME,CLEAN_TIME", "2026-01-02 03:04:05,", "Withdrawn", true, false)]
    [InlineData("UNSUB_TIME,CLEAN_TIME", ",", "Unknown", false, false)]
    public void A_file_of_those_who_left_or_were_cleaned_never_says_yes(string columns, string cells, string statement, bool hasInstant, bool isUndeliverable)
    {
        var row = Map($"Email Address,EUID,OPTIN_TIME,CONFIRM_TIME,{columns}", ["ann@example.com", "abc", "2025-03-04 05:06:07", "2025-03-04 05:06:07", .. cells.Split(',')]);
        (row.Consent.ToString(), row.IsUndeliverable).ShouldBe((statement, isUndeliverable));
        row.ConsentAt.ShouldBe(hasInstant ? Instant.FromUtc(2026, 1, 2, 3, 4, 5) : null);
        LevelOf(row).ShouldBeNull();
    }

    [Fact]
    public void A_column_of_ours_has_the_word()
    {
        var row = Map("Email Address,LEID,OPTIN_TIME,Consent", "ann@example.com", "1", "2025-03-04 05:06:07", "withdrawn");
        (row.Consent, row.ConsentAt, row.IsConsentInferred).ShouldBe((ConsentStatement.Withdrawn, null, false));
    }

    [Fact]
    public void What_is_not_known_costs_no_row_but_stays_as_attributes()
    {
        var row = Map("Email Address,LEID,Language,TIMEZONE,CC,REGION,Country", "ann@example.com", "1", "english please", "Moon/Base", "zz", "Oz-Land", "Germany");
        (row.Locale, row.TimeZone, row.Country, row.Region).ShouldBe((null, null, null, null));
        row.Attributes.ShouldBe("""{"leid":"1","country":"Germany","language":"english please","cc":"zz","region":"Oz-Land","timezone":"Moon/Base"}""");
    }

    private static string? LevelOf(RecipientRow row) =>
        System.Text.Json.Nodes.JsonNode.Parse(row.Attributes)!["consent_level"]?.GetValue<string>();

    private static RecipientRow Map(string header, params string[] cells)
    {
        CsvLayout.Recognise(header.Split(','), out var layout, out var problem).ShouldBeTrue(problem?.Message);
        layout!.Format.ShouldBe(MailchimpAudience.Format);
        using var mapper = new RowMapper(layout);
        return mapper.Map(column => column < cells.Length ? cells[column] : "").ShouldBeOfType<RecipientRow>();
    }
}

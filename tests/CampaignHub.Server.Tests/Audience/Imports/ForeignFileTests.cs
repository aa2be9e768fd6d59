using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Core.Audience;

namespace CampaignHub.Server.Tests.Audience.Imports;

/// <summary>Files as other systems and spreadsheets write them: their layouts, and their bytes.</summary>
public sealed class ForeignFileTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Head = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LATITUDE,TIMEZONE,CC,REGION";
    private const string Subscribed = Head + ",LEID,EUID,TAGS\r\n"
        + "ann@example.com,Ann,Lee,4,2025-03-04 05:06:07,2025-03-04 05:07:00,21.3,Pacific/Honolulu,us,hi,1,a1,\"\"\"VIP\"\",\"\"Hawaii\"\"\"\r\n"
        + "bob@example.com,Bob,,2,,2025-01-01 00:00:00,,,de,,2,b2,\r\n";
    private const string Unsubscribed = Head + ",UNSUB_TIME,UNSUB_REASON,LEID,EUID,TAGS\r\n"
        + "cy@example.com,Cy,,2,2024-01-01 00:00:00,2024-01-01 00:00:00,,,,,2025-02-03 04:05:06,no,3,c3,\r\n";
    private const string Cleaned = Head + ",CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,LEID,EUID,TAGS\r\n"
        + "dan@example.com,Dan,,1,2024-01-01 00:00:00,2024-01-01 00:00:00,,,,,2025-02-03 04:05:06,May,4,d4,\r\n"
        + "no address,,,,,,,,,,2025-02-03 04:05:06,May,5,e5,\r\n";

    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task Mailchimps_subscribed_have_said_yes_where_they_opted_in()
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}", Subscribed);
        import["consent"]!.ToJsonString().ShouldBe("""{"granted":1,"unknown":1,"withdrawn":0}""");
        var warning = import["warnings"]!.AsArray().Single()!;
        (warning["code"]!.GetValue<string>(), warning["count"]!.GetValue<int>()).ShouldBe(("no_consent", 1));

        var ann = (await tenant.Http.GetJsonAsync("/v1/recipients?email=ann@example.com"))["data"]!.AsArray().Single()!;
        ann["consent"]!.ToJsonString().ShouldBe("""{"status":"granted","source":"mailchimp_audience","at":"2025-03-04T05:06:07Z"}""");
        (ann["time_zone"]!.GetValue<string>(), ann["country"]!.GetValue<string>(), ann["region"]!.GetValue<string>()).ShouldBe(("Pacific/Honolulu", "US", "HI"));
        var attributes = ann["attributes"]!;
        attributes["tags"]!.ToJsonString().ShouldBe("""["VIP","Hawaii"]""");
        (attributes["consent_level"]!.GetValue<string>(), attributes["member_rating"]!.GetValue<int>(), attributes["latitude"]).ShouldBe(("confirmed_opt_in", 4, null));

        // The warning's call: those whom the list's owner added.
        await tenant.Http.ImportAsync($"list_id={list}&consent=granted&consent_source=fair", Subscribed);
        (await PeopleAsync(tenant)).Select(p => (p.Email, p.ConsentStatus, p.ConsentSource)).ShouldBe(
            [("ann@example.com", "granted", "mailchimp_audience"), ("bob@example.com", "granted", "fair")]);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("withdrawn")]
    public async Task A_time_of_opting_in_is_no_word_against_a_lower_one_of_the_caller(string consent)
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}&consent={consent}", Subscribed);
        (await PeopleAsync(tenant)).ShouldAllBe(p => p.ConsentStatus == consent);
    }

    [Fact]
    public async Task Mailchimps_unsubscribed_are_withdrawn_since_they_left()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", "email,consent,consent_at\ncy@example.com,granted,2025-01-01T00:00:00Z\n");
        var import = await tenant.Http.ImportAsync($"list_id={list}&consent=granted", Unsubscribed);
        import["consent"]!["withdrawn"]!.GetValue<int>().ShouldBe(1);
        import["warnings"]!.AsArray().ShouldBeEmpty();
        var cy = (await tenant.Http.GetJsonAsync("/v1/recipients?email=cy@example.com"))["data"]!.AsArray().Single()!;
        cy["consent"]!["at"]!.GetValue<string>().ShouldBe("2025-02-03T04:05:06Z");
    }

    [Fact]
    public async Task Mailchimps_cleaned_are_never_granted_and_suppressed_where_that_is_asked()
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}&consent=granted", Cleaned);
        (await PeopleAsync(tenant)).Single().ConsentStatus.ShouldBe("unknown");
        var warning = import["warnings"]!.AsArray().Single()!;
        (warning["code"]!.GetValue<string>(), warning["count"]!.GetValue<int>()).ShouldBe(("not_suppressed", 1));
        warning["message"]!.GetValue<string>().ShouldContain($"POST /v1/imports?list_id={list}&suppress=true");
        (await service.QueryAsync<string>(tenant, "SELECT pattern FROM suppressions")).ShouldBeEmpty();

        (await tenant.Http.ImportAsync($"list_id={list}&suppress=true", Cleaned))["warnings"]!.AsArray().ShouldBeEmpty();
        (await service.QueryAsync<string>(tenant, "SELECT pattern FROM suppressions")).ShouldBe(["dan@example.com"]);
    }

    [Fact]
    public async Task Woocommerces_customers_have_their_orders_and_say_nothing_of_consent()
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}", """
            "Name","Username","Last Active","Sign Up","Email","Orders","Total Spend","AOV","Country / Region","City","Region","Postal Code"
            "Ann Lee","ann","2026-01-02 10:00:00","2025-01-01","ann@example.com","3","120.5","40.17","US","Hilo","HI","96720"
            "","","","","bob@example.com","0","0","0","","","",""
            """);
        import["warnings"]![0]!["code"]!.GetValue<string>().ShouldBe("no_consent");
        var ann = (await PeopleAsync(tenant))[0];
        (ann.FirstName, ann.LastName, ann.Country, ann.Region, ann.TimeZone, ann.ConsentStatus).ShouldBe(("Ann", "Lee", "US", "HI", "Pacific/Honolulu", "unknown"));
        var attributes = JsonNode.Parse(ann.Attributes)!;
        (attributes["orders_count"]!.GetValue<int>(), attributes["orders_total"]!.GetValue<decimal>(), attributes["name"]!.GetValue<string>()).ShouldBe((3, 120.5m, "Ann Lee"));
    }

    [Theory]
    [InlineData("utf-8", "text/csv", true)]
    [InlineData("utf-8", "text/csv", false)]
    [InlineData("utf-8", "text/csv; charset=\"UTF-8\"", false)]
    [InlineData("utf-16", "text/csv", true)]
    [InlineData("utf-16", "text/csv", false)]
    [InlineData("utf-16", "text/csv; charset=utf-16le", false)]
    [InlineData("utf-16BE", "text/csv", true)]
    [InlineData("utf-16BE", "text/csv", false)]
    [InlineData("utf-16BE", "text/csv; charset=utf-16", true)]
    [InlineData("windows-1252", "text/csv; charset=windows-1252", false)]
    [InlineData("windows-1252", "text/csv; charset=iso-8859-1", false)]
    public async Task A_file_is_read_in_its_charset(string charset, string mediaType, bool hasMark)
    {
        var encoding = charset == "windows-1252" ? Utf8OrWindows1252.Windows1252 : Encoding.GetEncoding(charset);
        byte[] file = [.. hasMark ? encoding.Preamble : default, .. encoding.GetBytes("email;first_name;Größe\r\nann@example.com;Änn;„XL“ €\r\n")];
        var (tenant, list) = await NewAsync();
        (await ImportAsync(tenant, list, file, mediaType))["warnings"]!.AsArray().Select(w => w!["code"]!.GetValue<string>()).ShouldBe(["no_consent"]);
        var ann = (await PeopleAsync(tenant)).Single();
        (ann.Email, ann.FirstName, ann.Attributes).ShouldBe(("ann@example.com", "Änn", """{"größe": "„XL“ €"}"""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9_000)] // beyond what is looked at first, and what is read at once
    public async Task A_file_that_turns_out_to_be_no_utf8_is_windows_1252_and_says_so(int rowsBefore)
    {
        var text = new StringBuilder("email,first_name\n");
        for (var i = 0; i < rowsBefore; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"p{i}@example.com,Person\n");
        text.Append("zoe@example.com,Zoë\nzz@example.com,Ann É");
        var (tenant, list) = await NewAsync();
        var import = await ImportAsync(tenant, list, Utf8OrWindows1252.Windows1252.GetBytes(text.ToString()), "text/csv");
        (import.Count("created"), import.Count("invalid")).ShouldBe((rowsBefore + 2, 0));
        var warning = import["warnings"]![0]!;
        (warning["code"]!.GetValue<string>(), warning["count"]!.GetValue<int>()).ShouldBe(("read_as_windows_1252", rowsBefore + 2));
        (await service.QueryAsync<string>(tenant, "SELECT first_name FROM recipients WHERE email_key >= 'z' ORDER BY email_key")).ShouldBe(["Zoë", "Ann É"]);
    }

    [Fact]
    public async Task A_file_that_is_declared_utf8_is_held_to_it()
    {
        var (tenant, list) = await NewAsync();
        var import = await ImportAsync(tenant, list, [.. "email,first_name\nann@example.com,"u8, 0xE9, .. "\n"u8], "text/csv; charset=utf-8");
        import.Count("invalid").ShouldBe(1);
        (await tenant.Http.GetJsonAsync($"/v1/imports/{import["id"]}/errors"))["data"]![0]!["code"]!.GetValue<string>().ShouldBe("not_utf8");
    }

    [Fact]
    public async Task Half_a_character_of_utf16_costs_its_row_alone()
    {
        var (tenant, list) = await NewAsync();
        byte[] file = [.. Encoding.Unicode.GetBytes("email,first_name\nann@example.com,A"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("\nbob@example.com,😀\n")];
        var import = await ImportAsync(tenant, list, file, "text/csv");
        (import.Count("created"), import.Count("invalid")).ShouldBe((1, 1));
        (await tenant.Http.GetJsonAsync($"/v1/imports/{import["id"]}/errors"))["data"]![0]!["code"]!.GetValue<string>().ShouldBe("not_text");
        (await PeopleAsync(tenant)).Single().FirstName.ShouldBe("😀");
    }

    private static async Task<JsonObject> ImportAsync(TestTenant tenant, Guid list, byte[] file, string mediaType)
    {
        var begun = await tenant.Http.UploadAsync($"list_id={list}", file, mediaType).ExpectAsync(HttpStatusCode.Accepted);
        return await tenant.Http.FinishedAsync(begun["id"]!.GetValue<Guid>());
    }

    private Task<IReadOnlyList<Person>> PeopleAsync(TestTenant tenant) => service.QueryAsync<Person>(tenant, Person.All);

    private async Task<(TestTenant Tenant, Guid List)> NewAsync()
    {
        var tenant = await service.NewTenantAsync();
        return (tenant, await service.NewListAsync(tenant));
    }
}

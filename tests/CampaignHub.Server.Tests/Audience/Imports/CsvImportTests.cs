using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Audience.Imports;

public sealed class CsvImportTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Shopify = "11-csv/shopify-customers-utf8bom-crlf.csv";
    private readonly TestService service = fixture.Service;

    [CorpusFact(Shopify)]
    public async Task Shopifys_export_comes_in_as_its_truth_says()
    {
        var (tenant, list) = await NewAsync();
        using var truths = JsonDocument.Parse(await File.ReadAllTextAsync(Corpora.Find("11-csv/truth.json")!));
        var truth = truths.RootElement.GetProperty(Path.GetFileName(Shopify));
        var import = await tenant.Http.ImportAsync($"list_id={list}", await File.ReadAllTextAsync(Corpora.Find(Shopify)!));

        import.Count("rows").ShouldBe(truth.GetProperty("rows").GetInt64());
        import.Count("created").ShouldBe(truth.GetProperty("validUnique").GetInt64());
        import.Count("updated").ShouldBe(0);
        import.Count("duplicates").ShouldBe(truth.GetProperty("duplicates").GetInt64());
        import.Count("invalid").ShouldBe(truth.GetProperty("invalid").GetInt64());
        import["warnings"]!.AsArray().ShouldBeEmpty();
        (import["consent"]!["granted"]!.GetValue<long>() + import["consent"]!["unknown"]!.GetValue<long>()).ShouldBe(import.Count("created"));
        (await service.QueryAsync<long>(tenant, "SELECT count(*) FROM list_recipients")).Single().ShouldBe(import.Count("created"));

        var again = await tenant.Http.ImportAsync($"list_id={list}", await File.ReadAllTextAsync(Corpora.Find(Shopify)!));
        again.Count("created").ShouldBe(0);
        again.Count("updated").ShouldBe(import.Count("created"));
        again.ShouldAddUp();
        again["consent"]!.ToJsonString().ShouldBe(import["consent"]!.ToJsonString());
    }

    [Theory]
    [InlineData("email,first_name,consent,city\r\nann@example.com,Ann,granted,Rome\r\n")]
    [InlineData("\uFEFFEmail;First Name;Consent;City\nann@example.com;Ann;granted;Rome")]
    [InlineData("CITY\tCONSENT\tFIRST-NAME\tE-MAIL\r\nRome\tGranted\tAnn\tann@example.com\r\n")]
    [InlineData("\"city\",\"first_name\",\"email\",\"consent\"\r\n\"Rome\",\"Ann\",\" ann@example.com \",\"YES\"\r\n\r\n")]
    public async Task A_file_is_recognised_by_its_header(string file)
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}", file);
        import.Count("created").ShouldBe(1);
        import.Count("rows").ShouldBe(1);
        var ann = (await service.QueryAsync<Person>(tenant, Person.All)).Single();
        (ann.Email, ann.FirstName, ann.ConsentStatus).ShouldBe(("ann@example.com", "Ann", "granted"));
        ann.Attributes.ShouldBe("""{"city": "Rome"}""");
    }

    [Fact]
    public async Task A_header_alone_is_an_import_of_nobody()
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}", "email,first_name\n");
        (import.Count("rows"), import.Count("created")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Quotes_delimiters_and_line_breaks_stay_in_their_cell()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", "email,note,tags\r\nann@example.com,\"call \"\"first\"\",\r\nthen ship\",\"a,b\"\r\nbob@example.com,x,y\r\n");
        var people = await service.QueryAsync<Person>(tenant, Person.All);
        people.Count.ShouldBe(2);
        var attributes = JsonNode.Parse(people[0].Attributes)!;
        attributes["note"]!.GetValue<string>().ShouldBe("call \"first\",\r\nthen ship");
        attributes["tags"]!.GetValue<string>().ShouldBe("a,b");
    }

    [Fact]
    public async Task Bad_rows_are_listed_and_never_stop_the_rest()
    {
        var (tenant, list) = await NewAsync();
        var file = "email,country,first_name\nann@example.com,DE,Änn\nnobody,DE,No\nbob@example.com,Narnia,Bob\ncy@example.com,FR,Cy,extra\n\ndan@example.com\n"u8.ToArray();
        byte[] notUtf8 = [.. file, .. "eve@example.com,IT,"u8, 0xE9, .. "\nfay@example.com,IT,Fay\n"u8];
        var begun = await tenant.Http.UploadAsync($"list_id={list}", notUtf8).ExpectAsync(HttpStatusCode.Accepted);
        var import = await tenant.Http.FinishedAsync(begun["id"]!.GetValue<Guid>());
        (import.Count("rows"), import.Count("created"), import.Count("invalid")).ShouldBe((7, 3, 4));

        var first = await tenant.Http.GetJsonAsync($"/v1/imports/{import["id"]}/errors?limit=3");
        var rest = await tenant.Http.GetJsonAsync($"/v1/imports/{import["id"]}/errors?limit=3&cursor={first["next_cursor"]}");
        var errors = first["data"]!.AsArray().Concat(rest["data"]!.AsArray())
            .Select(e => (e!["row"]!.GetValue<int>(), e["field"]!.GetValue<string>(), e["code"]!.GetValue<string>(), e["value"]!.GetValue<string>()));
        errors.ShouldBe(
        [
            (2, "email", "invalid_email", "nobody"), (3, "country", "unknown_country", "Narnia"),
            (4, "row", "too_many_cells", "extra"), (7, "row", "not_utf8", "\uFFFD"),
        ]);
        rest["next_cursor"].ShouldBeNull();
    }

    [Fact]
    public async Task The_last_row_of_an_address_wins()
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}", "email,first_name\nann@example.com,One\nbob@example.com,Bob\nANN@EXAMPLE.COM,Two\nAnn@example.com,Three\n");
        (import.Count("created"), import.Count("duplicates"), import.Count("rows")).ShouldBe((2, 2, 4));
        (await service.QueryAsync<Person>(tenant, Person.All))[0].FirstName.ShouldBe("Three");
    }

    [Fact]
    public async Task An_update_leaves_what_the_file_says_nothing_of()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", "email,first_name,last_name,country,region,city,tier\nann@example.com,Ann,Lee,BR,AM,Manaus,gold\n");
        var before = (await service.QueryAsync<Person>(tenant, Person.All)).Single();
        (before.TimeZone, before.TimeZoneSource).ShouldBe(("America/Manaus", "region"));

        var import = await tenant.Http.ImportAsync($"list_id={list}", "email,first_name,last_name,city\nann@example.com,Anna,,Belém\n");
        (import.Count("created"), import.Count("updated")).ShouldBe((0, 1));
        var after = (await service.QueryAsync<Person>(tenant, Person.All)).Single();
        after.RecipientId.ShouldBe(before.RecipientId);
        (after.FirstName, after.LastName, after.Country, after.Region, after.TimeZone).ShouldBe(("Anna", "Lee", "BR", "AM", "America/Manaus"));
        JsonNode.Parse(after.Attributes)!["city"]!.GetValue<string>().ShouldBe("Belém");
        JsonNode.Parse(after.Attributes)!["tier"]!.GetValue<string>().ShouldBe("gold");
    }

    [Theory]
    [InlineData("country,region", "BR,SP", "America/Sao_Paulo", "region")]
    [InlineData("region", "SP", "America/Sao_Paulo", "region")]
    [InlineData("country", "JP", "Asia/Tokyo", "country")]
    [InlineData("country", "BR", "America/Manaus", "region")]
    [InlineData("time_zone", "Asia/Seoul", "Asia/Seoul", "given")]
    public async Task A_moved_recipient_gets_the_zone_of_the_new_place(string columns, string cells, string zone, string source)
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", "email,country,region\nann@example.com,BR,AM\n");
        await tenant.Http.ImportAsync($"list_id={list}", $"email,{columns}\nann@example.com,{cells}\n");
        var ann = (await service.QueryAsync<Person>(tenant, Person.All)).Single();
        (ann.TimeZone, ann.TimeZoneSource).ShouldBe((zone, source));
    }

    [Theory]
    [InlineData("US", "808 555 0142", "US", "Pacific/Honolulu", "phone")]
    [InlineData("US", "+1 808 555 0142", "", "Pacific/Honolulu", "phone")] // the country known before is the number's
    [InlineData("CA", "+1 808 555 0142", "", "America/Toronto", "country_guess")]
    [InlineData("JP", "+1 808 555 0142", "", "Asia/Tokyo", "country")]
    [InlineData("", "+1 808 555 0142", "", "Pacific/Honolulu", "phone")]
    public async Task A_phone_tells_the_zone_in_a_country_of_several(string before, string phone, string country, string zone, string source)
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", $"email,country\nann@example.com,{before}\n");
        await tenant.Http.ImportAsync($"list_id={list}", $"email,country,phone\nann@example.com,{country},{phone}\n");
        var ann = (await service.QueryAsync<Person>(tenant, Person.All)).Single();
        (ann.TimeZone, ann.TimeZoneSource).ShouldBe((zone, source));
    }

    [Fact]
    public async Task A_given_zone_stays_when_the_place_changes()
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.ImportAsync($"list_id={list}", "email,country,time_zone\nann@example.com,DE,Asia/Seoul\n");
        await tenant.Http.ImportAsync($"list_id={list}", "email,country\nann@example.com,JP\n");
        var ann = (await service.QueryAsync<Person>(tenant, Person.All)).Single();
        (ann.Country, ann.TimeZone, ann.TimeZoneSource).ShouldBe(("JP", "Asia/Seoul", "given"));
    }

    [Fact]
    public async Task Many_batches_add_up()
    {
        var (tenant, list) = await NewAsync();
        var file = new StringBuilder("email,first_name\n");
        for (var i = 0; i < 25_000; i++)
            file.Append(System.Globalization.CultureInfo.InvariantCulture, $"person{i % 24_000}@example.com,P{i}\n");
        var import = await tenant.Http.ImportAsync($"list_id={list}", file.ToString());
        (import.Count("rows"), import.Count("created"), import.Count("duplicates")).ShouldBe((25_000, 24_000, 1_000));
        (await service.StagingTablesAsync()).ShouldNotContain($"import_{import["id"]!.GetValue<Guid>():N}");
    }

    private async Task<(TestTenant Tenant, Guid List)> NewAsync()
    {
        var tenant = await service.NewTenantAsync();
        return (tenant, await service.NewListAsync(tenant));
    }
}

using CampaignHub.Core.Audience;
using NodaTime;

namespace CampaignHub.Core.Tests.Audience;

public sealed class CsvLayoutTests
{
    [Fact]
    public void Headers_are_known_in_any_order_and_case()
    {
        Recognise("Region", " COUNTRY ", "\uFEFFE-Mail", "First Name", "Loyalty Points").Format.ShouldBe(CsvFormat.Own);
        var layout = Recognise("Total Spent", "accepts email marketing", "EMAIL");
        layout.Format.ShouldBe(CsvFormat.ShopifyCustomers);
        layout.HasConsentColumn.ShouldBeTrue();
        layout.ColumnOf(CsvField.Email).ShouldBe(2);
        layout.ColumnOf(CsvField.Phone).ShouldBeNull();
        Recognise("Email", "Name", "Orders", "Total Spend", "Consent", "optin_time").Format.ShouldBe(CsvFormat.Own);
    }

    [Fact]
    public void A_file_without_an_email_column_is_refused()
    {
        CsvLayout.Recognise(["name", "country"], out var layout, out var problem).ShouldBeFalse();
        layout.ShouldBeNull();
        problem.Code.ShouldBe("no_email_column");
        CsvLayout.Recognise([], out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_row_of_ours_becomes_a_recipient()
    {
        var row = Map("email,first_name,last_name,locale,country,region,phone,time_zone,consent,consent_at,consent_source,Größe,size,size,",
            "Ann@Bücher.example", " Ann ", "O'Neil", "pt_br", "br", "BR-AM", "'+55 11", "Asia/tokyo", "Yes", "2026-01-02T03:04:05+01:00", "fair 2026", "\"XL\" 大", "1", "2", "x")
            .ShouldBeOfType<RecipientRow>();
        row.Email.Address.ShouldBe("Ann@xn--bcher-kva.example");
        (row.FirstName, row.LastName, row.Locale, row.Country, row.Region, row.Phone).ShouldBe(("Ann", "O'Neil", "pt-BR", "BR", "AM", "+55 11"));
        row.Zone.ShouldBe(new InferredZone("Asia/Tokyo", ZoneSource.Given));
        (row.Consent, row.ConsentSource, row.ConsentAt).ShouldBe((ConsentStatement.Granted, "fair 2026", Instant.FromUtc(2026, 1, 2, 2, 4, 5)));
        row.Attributes.ShouldBe("""{"größe":"\"XL\" 大","size":"1","size_2":"2","column_15":"x"}""");
    }

    [Fact]
    public void Blank_cells_say_nothing()
    {
        var row = Map("email,first_name,country,time_zone,consent,size", "a@b.example", " ", "", "", "", "").ShouldBeOfType<RecipientRow>();
        row.ShouldBe(new RecipientRow { Email = row.Email, Attributes = "{}" });
        row.Zone.Source.ShouldBe(ZoneSource.Fallback);
    }

    [Theory]
    [InlineData("email", " ", "email", "required")]
    [InlineData("email", "a at b.example", "email", "invalid_email")]
    [InlineData("country", "Germany", "country", "unknown_country")]
    [InlineData("region", "B-A-D", "region", "unknown_region")]
    [InlineData("time_zone", "Mars/Base", "time_zone", "unknown_time_zone")]
    [InlineData("locale", "english please", "locale", "invalid_locale")]
    [InlineData("consent", "maybe", "consent.status", "invalid_consent")]
    [InlineData("consent_at", "02/03/2026", "consent.at", "invalid_instant")]
    [InlineData("first_name", "a\0b", "first_name", "not_text")]
    [InlineData("note", "a\0b", "attributes.note", "not_text")]
    public void A_bad_cell_is_an_error_with_field_code_and_value(string column, string cell, string field, string code)
    {
        var error = column == "email"
            ? Map("email", cell).ShouldBeOfType<RowError>()
            : Map("email," + column, "a@b.example", cell).ShouldBeOfType<RowError>();
        (error.Field, error.Code).ShouldBe((field, code));
        error.Value.ShouldBe(cell.Replace('\0', '\uFFFD'));
        error.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public void Long_cells_are_refused_and_cut_in_the_error()
    {
        Map("email,last_name", "a@b.example", new string('x', 201)).ShouldBeOfType<RowError>().Code.ShouldBe("too_long");
        var error = Map("email,phone", "a@b.example", new string('1', 199) + "😀😀").ShouldBeOfType<RowError>();
        error.Value.ShouldBe(new string('1', 199));
        Map("email,note", "a@b.example", new string('x', 65_536)).ShouldBeOfType<RowError>().Field.ShouldBe("attributes");
    }

    [Fact]
    public void Shopifys_unknown_codes_cost_no_row_but_stay_as_attributes()
    {
        var row = Map("Email,Accepts Email Marketing,Default Address Country Code,Default Address Province Code,Country,Phone,Default Address Phone",
            "a@b.example", "no", "AC", "Somewhere", "Ascension", "", "'+247 1").ShouldBeOfType<RecipientRow>();
        (row.Country, row.Region, row.Phone, row.Consent).ShouldBe((null, null, "+247 1", ConsentStatement.Refused));
        row.Attributes.ShouldBe("""{"country":"Ascension","default_address_phone":"+247 1","default_address_country_code":"AC","default_address_province_code":"Somewhere"}""");
    }

    [Fact]
    public void Attribute_names_are_snake_case_and_unique()
    {
        CsvHeader.Key("  \"Default Address - Zip\" ").ShouldBe("default_address_zip");
        CsvHeader.Key("***").ShouldBe("");
        CsvHeader.Key(new string('x', 500)).Length.ShouldBe(CsvHeader.MaxKeyLength);
        CsvHeader.UniqueKeys(["a", "a", "a_2", "", ""]).ShouldBe(["a", "a_2", "a_2_2", "column_4", "column_5"]);
    }

    private static CsvLayout Recognise(params string[] header)
    {
        CsvLayout.Recognise(header, out var layout, out var problem).ShouldBeTrue(problem?.Message);
        return layout!;
    }

    private static ImportRow Map(string header, params string[] cells)
    {
        using var mapper = new RowMapper(Recognise(header.Split(',')));
        return mapper.Map(column => column < cells.Length ? cells[column] : "");
    }
}

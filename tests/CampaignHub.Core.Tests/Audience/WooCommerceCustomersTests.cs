using CampaignHub.Core.Audience;
using CsCheck;

namespace CampaignHub.Core.Tests.Audience;

public sealed class WooCommerceCustomersTests
{
    private const string Analytics = "Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,Country / Region,City,Region,Postal Code";
    private const string Billing =
        "customer_id,first_name,user_pass,email,billing_first_name,billing_last_name,billing_email,billing_phone,billing_state,billing_country,shipping_last_name,total_spent,order_count";

    [Fact]
    public void The_analytics_export_has_name_place_and_orders()
    {
        var row = Map(Analytics, "Ludwig van Dijk", "ludwig", "2026-01-02 10:00:00", "2025-01-01", "ludwig@example.com", "3", "120.50", "40.17", "JP", "Tokyo", "JP13", "'100-0001");
        (row.FirstName, row.LastName, row.Country, row.Region, row.Consent).ShouldBe(("Ludwig", "van Dijk", "JP", "13", ConsentStatement.Silent));
        row.Attributes.ShouldBe("""
            {"name":"Ludwig van Dijk","username":"ludwig","last_active":"2026-01-02 10:00:00","sign_up":"2025-01-01","orders_count":3,"orders_total":120.50,"aov":"40.17","city":"Tokyo","postal_code":"100-0001"}
            """);
    }

    [Fact]
    public void A_plugins_export_falls_back_on_the_billing_address()
    {
        var row = Map(Billing, "7", "Ann", "$P$secret", "ann@example.com", "Anna", "Lee", "billing@example.com", "'+55 11", "SP", "BR", "Li", "many", "2");
        (row.Email.Address, row.FirstName, row.LastName, row.Phone, row.Country, row.Region).ShouldBe(("ann@example.com", "Ann", "Lee", "+55 11", "BR", "SP"));
        row.Attributes.ShouldBe("""
            {"customer_id":"7","billing_first_name":"Anna","billing_email":"billing@example.com","shipping_last_name":"Li","orders_total":"many","orders_count":2}
            """);

        var guest = Map(Billing, "", "", "", "", "Anna", "", "billing@example.com", "", "CN2", "CN", "Li");
        (guest.Email.Address, guest.FirstName, guest.LastName, guest.Country, guest.Region).ShouldBe(("billing@example.com", "Anna", "Li", "CN", "BJ"));
    }

    [Fact]
    public void An_error_shows_the_cell_that_was_read()
    {
        var error = Row(Billing, "7", "Ann", "", "", "", "", "no address").ShouldBeOfType<RowError>();
        (error.Field, error.Code, error.Value).ShouldBe(("email", "invalid_email", "no address"));
    }

    [Fact]
    public void What_is_not_known_costs_no_row_but_stays_as_attributes()
    {
        var row = Map(Analytics, "", "", "", "", "ann@example.com", "", "", "", "Atlantis", "", "Some Coast", "");
        (row.Country, row.Region).ShouldBe((null, null));
        row.Attributes.ShouldBe("""{"country_region":"Atlantis","region":"Some Coast"}""");
    }

    [Fact]
    public void A_column_of_ours_has_the_word() =>
        Map(Analytics + ",consent", "", "", "", "", "ann@example.com", "", "", "", "", "", "", "", "granted").Consent.ShouldBe(ConsentStatement.Granted);

    [Theory]
    [InlineData("JP", "JP01", "01")]
    [InlineData("TR", "TR34", "34")]
    [InlineData("CN", "CN1", "YN")]
    [InlineData("CN", "CN32", "XJ")]
    [InlineData("CN", "CN33", "CN33")]
    [InlineData("CL", "CL-RM", "CL-RM")]
    [InlineData("IT", "RM", "RM")]
    [InlineData("CA", "CAL", "CAL")]
    [InlineData(null, "JP13", "JP13")]
    [InlineData("DE", "", "")]
    public void States_become_codes_of_iso(string? country, string state, string iso) => WooCommerceRegions.ToIso(country, state).ShouldBe(iso);

    [Theory]
    [InlineData("Ann", "Ann", null)]
    [InlineData("Mary Ann Lee", "Mary Ann", "Lee")]
    [InlineData("Lee, Ann", "Ann", "Lee")]
    [InlineData("María de la Cruz", "María", "de la Cruz")]
    [InlineData("de Vries", "de", "Vries")]
    [InlineData("山田 太郎", "太郎", "山田")]
    [InlineData("山田太郎", "山田太郎", null)]
    [InlineData(",", null, null)]
    public void A_whole_name_is_split_where_it_can_be(string whole, string? first, string? last) => PersonName.Split(whole).ShouldBe((first, last));

    [Fact]
    public void Splitting_a_name_loses_no_word() => Gen.OneOf((string[])["Ann", "van", "de", "Lee", "山田", "김", "-", "  "]).Array[0, 6].Sample(words =>
    {
        var (first, last) = PersonName.Split(string.Join(' ', words));
        return (first is not null || last is null) && $"{first} {last}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
            .SequenceEqual(words.Where(word => word != "  ").Order(StringComparer.Ordinal));
    });

    private static RecipientRow Map(string header, params string[] cells) => Row(header, cells).ShouldBeOfType<RecipientRow>();

    private static ImportRow Row(string header, params string[] cells)
    {
        CsvLayout.Recognise(header.Split(','), out var layout, out var problem).ShouldBeTrue(problem?.Message);
        layout!.Format.ShouldBe(WooCommerceCustomers.Format);
        using var mapper = new RowMapper(layout);
        return mapper.Map(column => column < cells.Length ? cells[column] : "");
    }
}

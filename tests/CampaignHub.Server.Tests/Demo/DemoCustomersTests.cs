using System.Text;
using CampaignHub.Server.Demo.Inbox;
using Sylvan.Data.Csv;

namespace CampaignHub.Server.Tests.Demo;

public sealed class DemoCustomersTests
{
    private readonly List<(string Email, string Country, string Consent)> people = [];

    public DemoCustomersTests()
    {
        using var csv = CsvDataReader.Create(new StreamReader(Open(), Encoding.UTF8));
        while (csv.Read())
            people.Add((Value(csv, "Email"), Value(csv, "Default Address Country Code"), Value(csv, "Accepts Email Marketing")));
    }

    [Fact]
    public void The_shipped_file_is_a_spreadsheets_export()
    {
        using var bytes = new MemoryStream();
        Open().CopyTo(bytes);
        bytes.ToArray().ShouldSatisfyAllConditions(
            file => file.Length.ShouldBeInRange(250_000, 350_000),
            file => file.AsSpan().StartsWith("\uFEFFCustomer ID,"u8).ShouldBeTrue(),
            file => file.AsSpan().EndsWith("\r\n"u8).ShouldBeTrue());
    }

    [Fact]
    public void It_holds_two_thousand_people_of_forty_countries()
    {
        people.Count.ShouldBe(2_000);
        people.Select(p => p.Country).Where(c => c.Length > 0).Distinct().Count().ShouldBe(40);
        people.Count(p => p.Country.Length == 0).ShouldBeInRange(20, 120);
        people.Count(p => p.Consent == "yes").ShouldBeInRange(1_200, 1_360);
    }

    [Fact]
    public void Every_whole_address_is_under_a_name_reserved_for_examples()
    {
        var domains = people.Select(p => p.Email).Where(e => e.Contains('@') && !e.EndsWith('@')).Select(e => e.Split('@')[^1].ToLowerInvariant());
        domains.ShouldAllBe(domain => domain.EndsWith(".example") || domain == "example.com" || domain == "example.net"
            || domain == "example.org" || domain == "example..org");
    }

    [Fact]
    public void Some_people_stand_in_it_twice()
    {
        var whole = people.Select(p => p.Email).Where(e => e.Length > 0).ToList();
        (whole.Count - whole.Distinct(StringComparer.OrdinalIgnoreCase).Count()).ShouldBeInRange(5, 40);
    }

    private static string Value(CsvDataReader csv, string column) => csv.GetString(csv.GetOrdinal(column));

    private static Stream Open() => typeof(SmtpSink).Assembly.GetManifestResourceStream("demo/customers.csv")!;
}

using System.Text.Json;
using CampaignHub.Core.Audience;
using Sylvan.Data.Csv;
using Xunit.Abstractions;

namespace CampaignHub.Core.Tests.Audience;

public sealed class ShopifyCustomersTests(ITestOutputHelper output)
{
    private const string File = "11-csv/shopify-customers-utf8bom-crlf.csv";

    [CorpusFact(File)]
    public void The_export_is_read_as_its_truth_says()
    {
        var (rows, optedIn) = Read();
        var recipients = rows.OfType<RecipientRow>().ToList();
        var unique = recipients.Select(row => row.Email.Key).Distinct().Count();
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(Corpora.Find("11-csv/truth.json")!));
        var truth = json.RootElement.GetProperty(Path.GetFileName(File));
        rows.Count.ShouldBe(truth.GetProperty("rows").GetInt32());
        unique.ShouldBe(truth.GetProperty("validUnique").GetInt32());
        (recipients.Count - unique).ShouldBe(truth.GetProperty("duplicates").GetInt32());
        rows.OfType<RowError>().Count().ShouldBe(truth.GetProperty("invalid").GetInt32());
        optedIn.ShouldBe(truth.GetProperty("optedIn").GetInt32());
        rows.OfType<RowError>().ShouldAllBe(error => error.Field == "email");
    }

    [CorpusFact(File)]
    public void Its_rows_keep_their_country_and_attributes()
    {
        var recipients = Read().Rows.OfType<RecipientRow>().ToList();
        recipients.ShouldAllBe(row => row.Country != null && row.Region == null && row.Zone.TimeZone != null);
        recipients.Count(row => row.Phone is not null).ShouldBeGreaterThan(2000);
        recipients.ShouldAllBe(row => row.Phone == null || !row.Phone.StartsWith('\''));
        using var attributes = JsonDocument.Parse(recipients[0].Attributes);
        attributes.RootElement.GetProperty("customer_id").GetString().ShouldBe("7210448300000");
        attributes.RootElement.GetProperty("tags").GetString().ShouldBe("vip, bin");
    }

    /// <summary>Its people are invented, and many a phone with them: a zone is right if it is one of the person's country.</summary>
    [CorpusFact(File)]
    public void Its_zones_lie_in_their_countries()
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(Corpora.Find("05-geo/countries-and-timezones.json")!));
        var recipients = Read().Rows.OfType<RecipientRow>().Where(row => json.RootElement.TryGetProperty(row.Country!, out _)).ToList();
        output.WriteLine("source         people  right");
        foreach (var source in recipients.GroupBy(row => row.Zone.Source).OrderBy(group => group.Key))
        {
            var right = source.Count(row => json.RootElement.GetProperty(row.Country!).GetProperty("timezones").EnumerateArray()
                .Any(zone => zone.GetString() == row.Zone.TimeZone));
            output.WriteLine($"{source.Key.Word(),-14} {source.Count(),6} {right,6}");
            right.ShouldBe(source.Count(), source.Key.Word());
        }
        recipients.Count(row => row.Zone.Source == ZoneSource.Phone).ShouldBeGreaterThan(0);
    }

    private static (List<ImportRow> Rows, int OptedIn) Read()
    {
        using var reader = CsvDataReader.Create(Corpora.Find(File)!);
        CsvLayout.Recognise([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)], out var layout, out var problem).ShouldBeTrue(problem?.Message);
        using var mapper = new RowMapper(layout!);
        var rows = new List<ImportRow>();
        var optedIn = 0;
        while (reader.Read())
        {
            rows.Add(mapper.Map(column => column < reader.RowFieldCount ? reader.GetFieldSpan(column) : default));
            optedIn += reader.GetFieldSpan(layout!.ColumnOf(CsvField.Consent)!.Value) is "yes" ? 1 : 0;
        }
        return (rows, optedIn);
    }
}

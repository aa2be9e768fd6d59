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
        foreach (var source in recipients.GroupBy(row => row.Zone.Source))
            output.WriteLine($"{source.Key.Word()} {source.Count()}");
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

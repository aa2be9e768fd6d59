using System.Text;
using Sylvan.Data.Csv;

namespace CampaignHub.Server.Demo;

/// <summary>The files that come with the demo.</summary>
internal static class Shipped
{
    /// <summary>An invented shop's export of its customers, in Shopify's layout.</summary>
    public static Stream Customers() => Resource("demo/customers.csv");

    /// <summary>Whose last row accepts marketing, read without the service's own rules: what it did is held against this.</summary>
    public static IReadOnlySet<string> WhoConsented()
    {
        using var csv = CsvDataReader.Create(new StreamReader(Customers(), Encoding.UTF8));
        var (email, accepts) = (csv.GetOrdinal("Email"), csv.GetOrdinal("Accepts Email Marketing"));
        Dictionary<string, bool> last = new(StringComparer.OrdinalIgnoreCase);
        while (csv.Read())
            last[csv.GetString(email).Trim()] = csv.GetString(accepts) == "yes";
        return last.Where(person => person.Value).Select(person => person.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The campaign's HTML.</summary>
    public static async Task<string> ReadMailAsync(CancellationToken ct)
    {
        using var reader = new StreamReader(Resource("demo/mail.html"), Encoding.UTF8);
        return await reader.ReadToEndAsync(ct);
    }

    private static Stream Resource(string name) => typeof(Shipped).Assembly.GetManifestResourceStream(name)!;
}

using System.Globalization;

namespace CampaignHub.Benchmarks;

/// <summary>
/// Invented customers in the layout of Shopify's customer export, with what such files are full of: names in every
/// script, cells with commas, quotes and line breaks, a leading ' before ids, postcodes and phones, repeated people,
/// people without country or address, and about one bad address in a hundred rows.
/// </summary>
public static class CustomerFile
{
    private const string Header = "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,"
        + "Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,"
        + "Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,"
        + "Total Spent,Total Orders,Note,Tax Exempt,Tags";

    private static readonly string[] Domains =
    [
        "example.com", "example.com", "example.net", "example.org", "mail.example", "mail.example", "post.example",
        "inbox.example", "shop.example", "web.post.example", "team.office.example",
    ];

    private static readonly string[] Words =
        ("amber basil cedar dune ember fern grove heath iris jade kelp lark maple nettle opal pine quartz reed sage thistle "
        + "umber violet willow yarrow zinnia").Split(' ');

    private static readonly string[] Tags = ["vip", "wholesale", "newsletter", "black friday", "wässrig", "常连", "no-returns", "gift"];
    private static readonly string[] Companies = ["Lark & Sons, Ltd.", "Mehl, Öl und Co.", "\"Norte\" S.A.", "花屋", "ООО Ручей"];
    private static readonly string[] Notes = ["asked for a receipt", "likes \"blue\", not green", "call first\nthen ship", "–"];
    private static readonly string[] Broken =
        ["{0}.example.com", "{0}@@example.com", "{0}@", "@example.net", "{0} {0}@example.com", "{0}@example..org", "{0},@example.com"];

    private static readonly int AllWeights = CustomerCountry.All.Sum(country => country.Weight);

    /// <summary>Writes a byte order mark, the header and so many rows, lines ended by CR LF; the same for the same seed.</summary>
    /// <param name="to">Takes text; must not write a byte order mark of its own.</param>
    /// <param name="rows">0 and up.</param>
    /// <param name="seed">Chooses the people.</param>
    /// <param name="laterOrders">Orders that each of them has made since: the same people in a later export.</param>
    public static void Write(TextWriter to, int rows, int seed, int laterOrders = 0)
    {
        var random = new Random(seed); // with a seed, .NET keeps its sequence across versions
        var recent = new string[256];
        to.Write('\uFEFF');
        to.Write(Header + "\r\n");
        for (var row = 0; row < rows; row++)
            to.Write(string.Join(',', Row(random, row, recent, laterOrders).Select(Cell)) + "\r\n");
    }

    private static IEnumerable<string> Row(Random random, int row, string[] recent, int laterOrders)
    {
        var country = Country(random);
        var names = CustomerNames.ByLanguage[country.Language];
        var city = Pick(random, country.Cities);
        var hasPhone = Chance(random, 0.35);
        var phoneOnly = Chance(random, 0.005);
        var phone = hasPhone || phoneOnly ? $"'+{country.CallingCode}0000{Digits(random, "#####")}" : "";
        var located = !Chance(random, 0.04); // some have never given an address
        yield return Number($"'{7_340_220_600_000 + (row * 7L)}");
        yield return Pick(random, names.Given);
        yield return Pick(random, names.Family);
        yield return phoneOnly ? "" : Email(random, row, recent);
        yield return Chance(random, 0.64) ? "yes" : "no";
        yield return Chance(random, 0.05) ? Pick(random, Companies) : "";
        yield return located ? string.Format(CultureInfo.InvariantCulture, Pick(random, names.Street), random.Next(1, 240)) : "";
        yield return "";
        yield return located ? city[0] : "";
        yield return located ? city[1] : "";
        yield return located ? country.Code : "";
        yield return located && city[2].Length > 0 ? "'" + Digits(random, city[2]) : "";
        yield return located ? phone : "";
        yield return phone;
        yield return phone.Length > 0 && Chance(random, 0.3) ? "yes" : "no";
        var orders = Math.Max(0, random.Next(-6, 19));
        yield return Number($"{orders * random.Next(900, 9_000) / 100m:0.00}");
        yield return Number($"{orders + laterOrders}");
        yield return Chance(random, 0.03) ? Pick(random, Notes) : "";
        yield return Chance(random, 0.02) ? "yes" : "no";
        yield return string.Join(", ", Tags.Where(_ => Chance(random, 0.12)));
    }

    // About one in a hundred repeats somebody of the rows before, in other letters; as many are broken.
    private static string Email(Random random, int row, string[] recent)
    {
        var kind = random.NextDouble();
        var earlier = recent[random.Next(recent.Length)];
        if (kind < 0.012 && earlier is not null)
            return kind < 0.006 ? earlier.ToUpperInvariant() : char.ToUpperInvariant(earlier[0]) + earlier[1..];
        var name = Number($"{Pick(random, Words)}.{Pick(random, Words)}{row}");
        if (kind > 0.992)
            return string.Format(CultureInfo.InvariantCulture, Pick(random, Broken), name);
        return recent[row % recent.Length] = $"{name}@{Pick(random, Domains)}";
    }

    private static CustomerCountry Country(Random random)
    {
        var left = random.Next(AllWeights);
        return CustomerCountry.All.First(country => (left -= country.Weight) < 0);
    }

    private static string Digits(Random random, string pattern) =>
        string.Concat(pattern.Select(c => c == '#' ? (char)('0' + random.Next(10)) : c));

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static bool Chance(Random random, double share) => random.NextDouble() < share;

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}

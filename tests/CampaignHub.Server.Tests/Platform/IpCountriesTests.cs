using System.Net;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Tests.Forms;
using CampaignHub.Server.Tests.Tracking;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceSettings = CampaignHub.Server.Platform.Settings;

namespace CampaignHub.Server.Tests.Platform;

public sealed class IpCountriesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Both_layouts_are_read_and_a_file_that_takes_its_place_is_read_again_unless_it_is_broken()
    {
        using var countries = Open(new AddressFile()
            .Add("203.0.113.0/24", ("continent", ((string, object)[])[("code", "EU")]), ("country", ((string, object)[])[("iso_code", "DE")]))
            .Add("2001:db8::/33", ("country_code", "JP")).Add("2001:db8:8000::/33", ("country_code", "unknown")));
        Of("203.0.113.7").ShouldBe("DE");
        Of("::ffff:203.0.113.7").ShouldBe("DE");
        Of("2001:db8::1").ShouldBe("JP");
        Of("2001:db8:8000::1").ShouldBeNull();
        Of("198.51.100.1").ShouldBeNull();

        await File.WriteAllTextAsync(Path, "cut off");
        countries.LookAgain();
        Of("203.0.113.7").ShouldBe("DE");
        Replace(new AddressFile().Add("203.0.113.0/24", ("country_code", "BR")));
        await Eventually.Async(() => Task.FromResult(Of("203.0.113.7") == "BR"), "the new file is read");
        File.Delete(Path);
        countries.LookAgain();
        Of("203.0.113.7").ShouldBe("BR");

        string? Of(string address) => countries.Of(IPAddress.Parse(address));
    }

    [Theory]
    [InlineData(null, "Could not find file")]
    [InlineData("no such thing", "metadata marker")]
    [InlineData("", "The database is empty")]
    public void A_file_that_is_missing_or_broken_is_told_in_one_sentence(string? content, string why)
    {
        if (content is not null)
            File.WriteAllText(Path, content);
        Should.Throw<StartupException>(Open).Message.ShouldSatisfyAllConditions(
            message => message.ShouldStartWith($"CampaignHub__Tracking__CountryDatabase, {Path}, can't be read: "), message => message.ShouldContain(why));
    }

    [Fact]
    public void A_file_that_holds_no_countries_is_told_too() =>
        Should.Throw<StartupException>(() => Open(new AddressFile().Add("203.0.113.0/24", ("as_organization", "Lark")))).Message.ShouldEndWith("It holds no countries.");

    [Fact]
    public async Task What_people_do_on_our_pages_keeps_the_country_and_nothing_else_of_their_address()
    {
        Replace(new AddressFile().Add("203.0.113.0/24", ("country", ((string, object)[])[("iso_code", "DE")])).Add("2001:db8::/32", ("country_code", "JP")));
        await using var service = await TestService.StartAsync($"--CampaignHub:Tracking:CountryDatabase={Path}");
        var seed = await Seed.SentAsync(service, 3);
        using var http = service.Anonymous;
        (string, string) german = ("X-Forwarded-For", "203.0.113.7");
        await http.FetchAsync(seed.Link(0), headers: german);
        await http.FetchAsync(seed.Pixel(1), headers: [german, ("DNT", "1")]);
        await http.FetchAsync(seed.Pixel(1), headers: ("X-Forwarded-For", "198.51.100.7"));
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(3);
        feed.Seen.Select(e => $"{e["delivery_id"] is not null} {e["ip_country"]}").ShouldBe(["True DE", "False ", "True "], ignoreOrder: true);

        await http.FetchAsync(seed.UnsubscribePage(0), method: HttpMethod.Post, headers: [german, ("Accept", "text/html")]);
        await http.FetchAsync(seed.UnsubscribePage(2), method: HttpMethod.Post, headers: german); // a provider's one click
        (await ConsentAsync(seed.Tenant.Http, seed.Recipients[0])).ShouldBe(["withdrawn DE", "granted "]);
        (await ConsentAsync(seed.Tenant.Http, seed.Recipients[2])).ShouldBe(["withdrawn ", "granted "]);
        await seed.Tenant.Http.PatchAsync($"/v1/recipients/{seed.Recipients[0]}", new { consent = new { status = "granted" } }, HttpStatusCode.OK);
        (await ConsentAsync(seed.Tenant.Http, seed.Recipients[0])).ShouldBe(["granted ", "withdrawn DE", "granted "]);
        var export = await seed.Tenant.Http.GetJsonAsync($"/v1/recipients/{seed.Recipients[0]}/export");
        export["consent"]![1]!["ip_country"]!.GetValue<string>().ShouldBe("DE");
        export["events"]!.AsArray().Select(e => e!["ip_country"]?.GetValue<string>()).ShouldContain("DE");

        await using var scenario = await Scenario.StartAsync(service);
        var visitor = await Visitor.NewAsync(service, scenario);
        await visitor.FillInAsync("ann@reader.example");
        using var confirmed = await visitor.PostAsync(Visitor.LinkIn((await visitor.MailsAsync("ann@reader.example")).Single()));
        (await ConsentAsync(scenario.Http, (await visitor.RecipientAsync("ann@reader.example"))!["id"]!.GetValue<Guid>())).ShouldBe(["granted JP"]);

        await seed.Tenant.Http.DeleteAsync($"/v1/recipients/{seed.Recipients[0]}").ExpectAsync(HttpStatusCode.NoContent);
        await http.FetchAsync(seed.Pixel(0), headers: german);
        (await service.HasRowAsync($"SELECT FROM campaignhub.hits h JOIN campaignhub.events e USING (tenant_id, delivery_id) WHERE h.ip_country IS NOT NULL OR e.ip_country IS NOT NULL")).ShouldBeFalse();
        (await service.HasRowAsync("SELECT FROM campaignhub.hits h WHERE to_jsonb(h)::text ~ '198\\.51|203\\.0'")).ShouldBeFalse();
    }

    public void Dispose() => _directory.Dispose();

    private string Path => _directory.PathOf("countries.mmdb");

    private IpCountries Open(AddressFile file)
    {
        Replace(file);
        return Open();
    }

    private IpCountries Open() => new(new ServiceSettings { Tracking = { CountryDatabase = Path } }, NullLogger<IpCountries>.Instance);

    private void Replace(AddressFile file)
    {
        File.WriteAllBytes(Path + ".new", file.ToBytes());
        File.Move(Path + ".new", Path, overwrite: true);
    }

    private static async Task<IReadOnlyList<string>> ConsentAsync(HttpClient http, Guid person) =>
        [.. (await http.GetJsonAsync($"/v1/recipients/{person}/consent"))["data"]!.AsArray().Select(entry => $"{entry!["status"]} {entry["ip_country"]}")];
}
